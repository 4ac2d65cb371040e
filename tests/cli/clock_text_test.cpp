// SPDX-License-Identifier: Apache-2.0
#include "cli/clock_text.h"

#include <cstdlib>
#include <ctime>
#include <string>

#include "support/catch.h"

namespace pktana::cli {
namespace {

std::string text_of(ClockText& clock, int64_t ns) {
  char room[64];
  Line line(room);
  clock.put(line, ns);
  return {room, line.end()};
}

TEST_CASE("clock text: time of day in UTC with microseconds") {
  ClockText clock(sink::TimeZone::Utc, ClockText::Style::TimeOfDay);
  CHECK(text_of(clock, 0) == "00:00:00.000000");
  CHECK(text_of(clock, 1'700'000'000'123'456'789) == "22:13:20.123456");
  CHECK(text_of(clock, 1'700'000'000'999'999'999) == "22:13:20.999999");
  CHECK(text_of(clock, 1'700'000'001'000'000'000) == "22:13:21.000000");
}

TEST_CASE("clock text: date and nanoseconds") {
  ClockText clock(sink::TimeZone::Utc, ClockText::Style::DateAndNanos);
  CHECK(text_of(clock, 1'700'000'000'123'456'789) == "2023-11-14 22:13:20.123456789");
  CHECK(text_of(clock, 1'700'000'000'000'000'001) == "2023-11-14 22:13:20.000000001");
}

TEST_CASE("clock text: times before 1970 count downwards") {
  ClockText clock(sink::TimeZone::Utc, ClockText::Style::TimeOfDay);
  CHECK(text_of(clock, -1) == "23:59:59.999999");
}

TEST_CASE("clock text: local time follows TZ") {
  REQUIRE(::setenv("TZ", "XYZ-05:30", 1) == 0);
  ::tzset();
  ClockText clock(sink::TimeZone::Local, ClockText::Style::TimeOfDay);
  CHECK(text_of(clock, 0) == "05:30:00.000000");
  REQUIRE(::unsetenv("TZ") == 0);
  ::tzset();
}

}  // namespace
}  // namespace pktana::cli
