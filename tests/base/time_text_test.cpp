// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include "base/clock.h"
#include "support/catch.h"

namespace pktana::base {
namespace {

constexpr int64_t kMorning = 1'795'421'697 * kNsPerSecond;  // 2026-11-23T08:14:57Z

int64_t first(std::string_view text) {
  const auto time = parse_time(text);
  return time ? time->first_ns : -1;
}
int64_t length(std::string_view text) {
  const auto time = parse_time(text);
  return time ? time->last_ns - time->first_ns + 1 : -1;
}

TEST_CASE("time text: what EVE and RFC 3339 write") {
  CHECK(first("2026-11-23T08:14:57.427096+0000") == kMorning + 427'096'000);
  CHECK(first("2026-11-23T08:14:57Z") == kMorning);
  CHECK(first("2026-11-23 08:14:57") == kMorning);
  CHECK(first("2026-11-23T10:14:57+02:00") == kMorning);
  CHECK(first("2026-11-23T03:44:57-0430") == kMorning);
  CHECK(first("2026-11-23T08:14:57.123456789Z") == kMorning + 123'456'789);
}

TEST_CASE("time text: covers the unit that it names") {
  CHECK(length("2026-11-23") == 86400 * kNsPerSecond);
  CHECK(length("2026-11-23T08") == 3600 * kNsPerSecond);
  CHECK(length("2026-11-23T08:14") == 60 * kNsPerSecond);
  CHECK(length("2026-11-23T08:14:57") == kNsPerSecond);
  CHECK(length("2026-11-23T08:14:57.5") == kNsPerSecond / 10);
  CHECK(length("2026-11-23T08:14:57.123456789") == 1);
  CHECK(length("1795421697") == kNsPerSecond);
}

TEST_CASE("time text: seconds since 1970, and leap years") {
  CHECK(first("0") == 0);
  CHECK(first("1970-01-01") == 0);
  CHECK(first("1795421697") == kMorning);
  CHECK(first("2000-02-29") == 951'782'400 * kNsPerSecond);
  CHECK(first("2024-03-01") - first("2024-02-28") == 2 * 86400 * kNsPerSecond);
  CHECK(first("2100-03-01") - first("2100-02-28") == 86400 * kNsPerSecond);
}

TEST_CASE("time text: what is none is refused") {
  for (const char* text : {"",
                           "-",
                           "2026-",
                           "2026-11",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-11-31",
                           "1969-12-31",
                           "2262-01-01",
                           "2026-11-23T",
                           "2026-11-23T24:00",
                           "2026-11-23T08:60",
                           "2026-11-23T08:14:57.",
                           "2026-11-23T08:14:57.1234567890",
                           "2026-11-23T08:14:57+2",
                           "2026-11-23T08:14:57+15:00",
                           "2026-11-23x",
                           "2026-11-23T08:14:57Zx",
                           "99999999999999999999",
                           "12h"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text));
  }
}

}  // namespace
}  // namespace pktana::base
