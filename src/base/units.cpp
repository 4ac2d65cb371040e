// SPDX-License-Identifier: Apache-2.0
#include "base/units.h"

#include <array>
#include <cctype>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace pktana::base {
namespace {

constexpr unsigned kMaxFractionDigits = 9;

struct Unit {
  std::string_view name;  ///< lower case
  uint64_t factor;
};

constexpr std::array kTimeUnits{Unit{"", 1'000'000'000},
                                Unit{"ns", 1},
                                Unit{"us", 1'000},
                                Unit{"ms", 1'000'000},
                                Unit{"s", 1'000'000'000},
                                Unit{"m", 60'000'000'000},
                                Unit{"min", 60'000'000'000},
                                Unit{"h", 3'600'000'000'000},
                                Unit{"d", 86'400'000'000'000}};

constexpr std::array kSizeUnits{Unit{"", 1},
                                Unit{"b", 1},
                                Unit{"k", 1ULL << 10},
                                Unit{"kb", 1'000},
                                Unit{"kib", 1ULL << 10},
                                Unit{"m", 1ULL << 20},
                                Unit{"mb", 1'000'000},
                                Unit{"mib", 1ULL << 20},
                                Unit{"g", 1ULL << 30},
                                Unit{"gb", 1'000'000'000},
                                Unit{"gib", 1ULL << 30},
                                Unit{"t", 1ULL << 40},
                                Unit{"tb", 1'000'000'000'000},
                                Unit{"tib", 1ULL << 40}};

/// A decimal number and what follows it.
struct Quantity {
  uint64_t whole = 0;
  uint64_t fraction = 0;  ///< in units of 1 / fraction_scale
  uint64_t fraction_scale = 1;
  std::string unit;  ///< lower case
};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Digits at the front of `text`, taken off it. None: no digit there, or too large.
std::optional<uint64_t> take_digits(std::string_view& text) noexcept {
  uint64_t value = 0;
  size_t used = 0;
  for (; used < text.size() && is_digit(text[used]); ++used)
    if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(text[used] - '0'), &value))
      return std::nullopt;
  text.remove_prefix(used);
  return used == 0 ? std::nullopt : std::optional(value);
}

bool take_fraction(std::string_view& text, Quantity& quantity) noexcept {
  if (!text.starts_with('.')) return true;
  text.remove_prefix(1);
  const size_t before = text.size();
  const std::optional<uint64_t> digits = take_digits(text);
  if (!digits || before - text.size() > kMaxFractionDigits) return false;
  quantity.fraction = *digits;
  for (size_t i = text.size(); i < before; ++i)
    quantity.fraction_scale *= 10;
  return true;
}

std::optional<Quantity> split(std::string_view text) {
  Quantity quantity;
  const std::optional<uint64_t> whole = take_digits(text);
  if (!whole || !take_fraction(text, quantity)) return std::nullopt;
  quantity.whole = *whole;
  for (const char c : text)
    quantity.unit += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return quantity;
}

/// None: not a number, no such unit, or beyond `highest`.
std::optional<uint64_t> evaluate(std::string_view text, std::span<const Unit> units,
                                 uint64_t highest) {
  const std::optional<Quantity> quantity = split(text);
  if (!quantity) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != quantity->unit) continue;
    __extension__ using Wide = unsigned __int128;
    const Wide value =
        static_cast<Wide>(quantity->whole) * unit.factor +
        static_cast<Wide>(quantity->fraction) * unit.factor / quantity->fraction_scale;
    return value > highest ? std::nullopt : std::optional(static_cast<uint64_t>(value));
  }
  return std::nullopt;
}

Unexpected refuse(std::string_view text, const std::string& what) {
  return fail_input("", "'" + std::string(text) + "' is not " + what);
}

}  // namespace

Result<int64_t> parse_duration_ns(std::string_view text) {
  constexpr uint64_t kHighest = std::numeric_limits<int64_t>::max();
  if (const auto value = evaluate(text, kTimeUnits, kHighest)) return static_cast<int64_t>(*value);
  return refuse(text, "a duration; write 30s, 500ms, 10m, 2h, or a number of seconds");
}

Result<uint64_t> parse_size_bytes(std::string_view text) {
  constexpr uint64_t kHighest = std::numeric_limits<uint64_t>::max();
  if (const auto value = evaluate(text, kSizeUnits, kHighest)) return *value;
  return refuse(text, "a size; write 64KiB, 16MiB, 1GB, or a number of bytes");
}

Result<uint64_t> parse_count(std::string_view text, uint64_t low, uint64_t high) {
  std::string digits;
  for (const char c : text)
    if (c != '_') digits += c;
  std::string_view rest = digits;
  const std::optional<uint64_t> value = take_digits(rest);
  if (value && rest.empty() && *value >= low && *value <= high) return *value;
  return refuse(text, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
}

}  // namespace pktana::base
