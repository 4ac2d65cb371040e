// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <chrono>

#include "support/catch.h"

namespace pktana::base {
namespace {

TEST_CASE("clock: real time is nanoseconds since 1970 in UTC") {
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const int64_t now = realtime_ns();
  const auto after = std::chrono::system_clock::now().time_since_epoch();
  CHECK(now >= std::chrono::duration_cast<std::chrono::nanoseconds>(before).count());
  CHECK(now <= std::chrono::duration_cast<std::chrono::nanoseconds>(after).count());
}

TEST_CASE("clock: monotonic time never goes back") {
  int64_t last = monotonic_ns();
  for (int i = 0; i < 1000; ++i) {
    const int64_t now = monotonic_ns();
    REQUIRE(now >= last);
    last = now;
  }
}

TEST_CASE("clock: the units are what their names say") {
  CHECK(kNsPerSecond == 1'000 * kNsPerMs);
  CHECK(kNsPerMs == 1'000 * kNsPerUs);
}

}  // namespace
}  // namespace pktana::base
