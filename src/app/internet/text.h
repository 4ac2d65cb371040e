// SPDX-License-Identifier: Apache-2.0
// Small texts that events show: addresses and hexadecimal bytes as EVE writes them, and the
// comparisons without regard to case that text protocols need. No allocation.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::internet {

/// Text with its own room.
template <size_t kRoom>
class FixedText {
 public:
  /// What does not fit is left out.
  void add(char c) noexcept {
    if (len_ < kRoom) text_[len_++] = c;
  }
  void add(std::string_view text) noexcept {
    for (const char c : text)
      add(c);
  }
  void add_hex(uint8_t byte) noexcept {
    constexpr std::string_view kDigits = "0123456789abcdef";
    add(kDigits[byte >> 4]);
    add(kDigits[byte & 15]);
  }
  void add_decimal(uint64_t value) noexcept {
    std::array<char, 20> digits;
    size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    while (count > 0)
      add(digits[--count]);
  }
  void clear() noexcept { len_ = 0; }
  [[nodiscard]] size_t size() const noexcept { return len_; }
  [[nodiscard]] bool full() const noexcept { return len_ == kRoom; }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), len_}; }

 private:
  std::array<char, kRoom> text_;
  size_t len_ = 0;
};

using AddressText = FixedText<40>;

/// "192.0.2.1", or eight groups of four digits as EVE writes IPv6. Empty unless 4 or 16 bytes.
[[nodiscard]] AddressText address_text(Bytes address) noexcept;

/// "00:0c:29:1f:74:06", of at most 64 bytes.
[[nodiscard]] FixedText<192> colon_hex(Bytes bytes) noexcept;

/// "5a7607", of at most 256 bytes.
[[nodiscard]] FixedText<512> plain_hex(Bytes bytes) noexcept;

/// "8180", without leading zeros.
[[nodiscard]] FixedText<8> short_hex(uint32_t value) noexcept;

[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool starts_ignoring_case(std::string_view text, std::string_view prefix) noexcept;
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view word) noexcept;
/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
/// Decimal digits and nothing else; false, and `value` untouched, if there are none or more
/// than 18.
[[nodiscard]] bool parse_decimal(std::string_view text, uint64_t& value) noexcept;

/// The text up to the first line feed, without it and a carriage return before it, taken from the
/// front of `rest`. False if no line feed is there.
[[nodiscard]] bool take_line(std::string_view& rest, std::string_view& line) noexcept;
/// The text up to `separator`, or all of it, taken from the front of `rest`.
[[nodiscard]] std::string_view take_word(std::string_view& rest, char separator) noexcept;
/// All bytes are printable ASCII, tabs included.
[[nodiscard]] bool is_printable(std::string_view text) noexcept;
/// The same of a line whose end may not be there yet: a carriage return may be its last byte.
[[nodiscard]] bool is_printable_so_far(std::string_view text) noexcept;

}  // namespace pktana::app::internet
