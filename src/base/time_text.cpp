// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include "base/clock.h"

namespace pktana::base {
namespace {

constexpr int64_t kMinuteNs = 60 * kNsPerSecond;
constexpr int64_t kHourNs = 60 * kMinuteNs;
constexpr int64_t kDayNs = 24 * kHourNs;
constexpr uint32_t kLastYear = 2261;  ///< the last whole one in 64 bits of ns

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Exactly `digits` of them, taken off the front.
std::optional<uint32_t> take_digits(std::string_view& text, unsigned digits) noexcept {
  if (text.size() < digits) return std::nullopt;
  uint32_t value = 0;
  for (unsigned i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + static_cast<uint32_t>(text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

constexpr bool is_leap(uint32_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr uint32_t days_in(uint32_t year, uint32_t month) noexcept {
  constexpr uint32_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/// Days from 1970 to the date, by the years and leap days before it.
constexpr int64_t day_number(uint32_t year, uint32_t month, uint32_t day) noexcept {
  constexpr uint32_t kBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const uint32_t last = year - 1;
  const uint32_t leap_days =
      last / 4 - last / 100 + last / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
  const uint32_t in_year = kBefore[month - 1] + (month > 2 && is_leap(year) ? 1 : 0) + day - 1;
  return int64_t{365} * (year - 1970) + leap_days + in_year;
}

/// The span so far is the whole unit that was named last.
struct Clock {
  int64_t ns = 0;
  int64_t unit_ns = kDayNs;
};

bool take_fraction(std::string_view& text, Clock& clock) noexcept {
  if (!take(text, '.')) return true;
  if (text.empty() || !is_digit(text.front())) return false;
  while (!text.empty() && is_digit(text.front())) {
    if (clock.unit_ns == 1) return false;
    clock.unit_ns /= 10;
    clock.ns += (text.front() - '0') * clock.unit_ns;
    text.remove_prefix(1);
  }
  return true;
}

/// HH[:MM[:SS[.fraction]]]
bool take_clock(std::string_view& text, Clock& clock) noexcept {
  constexpr struct {
    uint32_t below;
    int64_t unit_ns;
  } kParts[] = {{24, kHourNs}, {60, kMinuteNs}, {60, kNsPerSecond}};
  for (const auto& part : kParts) {
    const auto value = take_digits(text, 2);
    if (!value || *value >= part.below) return false;
    clock.ns += *value * part.unit_ns;
    clock.unit_ns = part.unit_ns;
    if (part.unit_ns == kNsPerSecond) return take_fraction(text, clock);
    if (!take(text, ':')) return true;
  }
  return true;
}

/// Z, +HHMM, -HH:MM, or nothing. None: something else.
std::optional<int64_t> take_zone(std::string_view& text) noexcept {
  if (text.empty() || take(text, 'Z')) return 0;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  (void)take(text, ':');
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const int64_t offset = *hours * kHourNs + *minutes * kMinuteNs;
  return west ? offset : -offset;
}

std::optional<TimeSpan> parse_epoch(std::string_view text) noexcept {
  constexpr int64_t kLast = INT64_MAX / kNsPerSecond - 1;
  int64_t seconds = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    seconds = seconds * 10 + (c - '0');
    if (seconds > kLast) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  return TimeSpan{seconds * kNsPerSecond, seconds * kNsPerSecond + kNsPerSecond - 1};
}

}  // namespace

std::optional<TimeSpan> parse_time(std::string_view text) noexcept {
  if (text.size() < 5 || text[4] != '-') return parse_epoch(text);
  const auto year = take_digits(text, 4);
  (void)take(text, '-');
  const auto month = take_digits(text, 2);
  const bool dash = take(text, '-');
  const auto day = take_digits(text, 2);
  if (!year || !month || !dash || !day || *year < 1970 || *year > kLastYear) return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > days_in(*year, *month)) return std::nullopt;
  Clock clock;
  int64_t zone = 0;
  if (take(text, 'T') || take(text, ' ')) {
    if (!take_clock(text, clock)) return std::nullopt;
    const auto offset = take_zone(text);
    if (!offset) return std::nullopt;
    zone = *offset;
  }
  if (!text.empty()) return std::nullopt;
  const int64_t first = day_number(*year, *month, *day) * kDayNs + clock.ns + zone;
  return TimeSpan{first, first + clock.unit_ns - 1};
}

}  // namespace pktana::base
