// SPDX-License-Identifier: Apache-2.0
#include "cli/clock_text.h"

#include <ctime>

#include "base/clock.h"

namespace pktana::cli {

void ClockText::put(Line& line, int64_t ns) noexcept {
  const int64_t second = sink::floor_seconds(ns);
  if (second != second_) set_second(second);
  const auto rest = static_cast<uint32_t>(ns - second * base::kNsPerSecond);
  line.text({text_, length_}).text(".");
  for (const uint32_t scale : {10'000'000U, 100'000U, 1'000U})
    line.two_digits(rest / scale % 100);
  if (style_ == Style::TimeOfDay) return;
  const uint32_t nanos = rest % 1000;
  line.number(nanos / 100).two_digits(nanos % 100);
}

void ClockText::set_second(int64_t second) noexcept {
  const time_t time = second;
  tm parts{};
  if (zone_ == sink::TimeZone::Local)
    (void)::localtime_r(&time, &parts);
  else
    (void)::gmtime_r(&time, &parts);
  const char* format = style_ == Style::TimeOfDay ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S";
  length_ = std::strftime(text_, sizeof text_, format, &parts);
  second_ = second;
}

}  // namespace pktana::cli
