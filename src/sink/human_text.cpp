// SPDX-License-Identifier: Apache-2.0
#include "sink/human_text.h"

#include "sink/text.h"

namespace pktana::sink {
namespace {

/// Rounded down: 1999 is "1.9k", so that no number looks larger than it is.
HumanText with_unit(uint64_t value) noexcept {
  constexpr std::string_view kUnits = " kMGTPE";
  uint64_t whole = value;
  uint64_t rest = 0;
  size_t unit = 0;
  for (; whole >= 1000; ++unit) {
    rest = whole % 1000;
    whole /= 1000;
  }
  HumanText text;
  text.add_number(whole);
  if (unit > 0 && whole < 10) {
    text.add('.');
    text.add_number(rest / 100);
  }
  if (unit > 0) text.add(kUnits[unit]);
  return text;
}

/// "2m05s": `large` of one unit, `small` of the next, two digits.
HumanText two_units(uint64_t large, char large_unit, uint64_t small, char small_unit) noexcept {
  HumanText text;
  text.add_number(large);
  text.add(large_unit);
  if (small < 10) text.add('0');
  text.add_number(small);
  text.add(small_unit);
  return text;
}

HumanText one_unit(uint64_t value, std::string_view unit) noexcept {
  HumanText text;
  text.add_number(value);
  text.add(unit);
  return text;
}

HumanText seconds(uint64_t ms) noexcept {
  HumanText text;
  text.add_number(ms / 1000);
  text.add('.');
  for (uint64_t power = 100; power > 0; power /= 10)
    text.add(static_cast<char>('0' + ms / power % 10));
  text.add('s');
  return text;
}

}  // namespace

void HumanText::add(std::string_view text) noexcept {
  for (const char c : text)
    add(c);
}

void HumanText::add_number(uint64_t value) noexcept {
  size_ = static_cast<size_t>(put_decimal(text_ + size_, value) - text_);
}

HumanText human_count(uint64_t value) noexcept { return with_unit(value); }

HumanText human_bytes(uint64_t value) noexcept {
  HumanText text = with_unit(value);
  text.add('B');
  return text;
}

HumanText human_duration(uint64_t ns) noexcept {
  const uint64_t us = ns / 1000;
  const uint64_t second = us / 1'000'000;
  const uint64_t minute = second / 60;
  const uint64_t hour = minute / 60;
  if (us < 1000) return one_unit(us, "us");
  if (second < 1) return one_unit(us / 1000, "ms");
  if (minute < 1) return seconds(us / 1000);
  if (hour < 1) return two_units(minute, 'm', second % 60, 's');
  if (hour < 24) return two_units(hour, 'h', minute % 60, 'm');
  return two_units(hour / 24, 'd', hour % 24, 'h');
}

}  // namespace pktana::sink
