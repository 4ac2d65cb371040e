// SPDX-License-Identifier: Apache-2.0
#include "ring/time_scale.h"

#include "base/clock.h"
#include "support/catch.h"

namespace pktana::ring {
namespace {

TEST_CASE("time scale: microseconds are the default") {
  CHECK(TimeScale().to_ns(1700000000123456) == 1700000000123456000);
}

TEST_CASE("time scale: every power of ten gives the same instant") {
  uint64_t ticks = 1700000000;
  for (uint8_t digits = 0; digits <= 9; ++digits, ticks *= 10) {
    CHECK(TimeScale(digits).to_ns(ticks) == 1700000000 * base::kNsPerSecond);
  }
}

TEST_CASE("time scale: ticks finer than a nanosecond are rounded down") {
  CHECK(TimeScale(12).to_ns(1999) == 1);
  CHECK(TimeScale(12).to_ns(UINT64_MAX) == 18446744073709551);
  CHECK(TimeScale(28).to_ns(UINT64_MAX) == 1);
  CHECK(TimeScale(29).to_ns(UINT64_MAX) == 0);
  CHECK(TimeScale(127).to_ns(UINT64_MAX) == 0);
}

TEST_CASE("time scale: powers of two") {
  CHECK(TimeScale(0x80).to_ns(1700000000) == 1700000000 * base::kNsPerSecond);
  CHECK(TimeScale(0x80 | 1).to_ns(3) == 1500000000);
  CHECK(TimeScale(0x80 | 10).to_ns(1025) == 1000976562);
  CHECK(TimeScale(0x80 | 32).to_ns(uint64_t{1700000000} << 32 | 0x80000000) == 1700000000500000000);
  CHECK(TimeScale(0x80 | 64).to_ns(UINT64_MAX) == 999999999);
  CHECK(TimeScale(0xff).to_ns(UINT64_MAX) == 0);
}

TEST_CASE("time scale: the offset is added in whole seconds, forwards and back") {
  CHECK(TimeScale(6, 1700000000).to_ns(500000) == 1700000000500000000);
  CHECK(TimeScale(6, -10).to_ns(500000) == -9500000000);
  CHECK(TimeScale(0x80 | 1, 5).to_ns(1) == 5500000000);
  CHECK(TimeScale(12, 5).to_ns(0) == 5000000000);
}

TEST_CASE("time scale: impossible times stop at the limit instead of overflowing") {
  CHECK(TimeScale(0).to_ns(UINT64_MAX) == kMaxTimeNs);
  CHECK(TimeScale(6).to_ns(UINT64_MAX) == kMaxTimeNs);
  CHECK(TimeScale(9).to_ns(UINT64_MAX) == kMaxTimeNs);
  CHECK(TimeScale(0x80).to_ns(UINT64_MAX) == kMaxTimeNs);
  CHECK(TimeScale(6, INT64_MAX).to_ns(0) == kMaxTimeNs);
  CHECK(TimeScale(6, INT64_MIN).to_ns(0) == -kMaxTimeNs);
  CHECK(TimeScale(9, INT64_MIN).to_ns(UINT64_MAX) == -kMaxTimeNs);
}

TEST_CASE("time scale: the quick way and the long way meet without a step") {
  const int64_t offset_s = GENERATE(-1000, 0, 1000);
  const auto last = static_cast<uint64_t>(kMaxTimeNs / 1000 - offset_s * 1000000);
  const TimeScale scale(6, offset_s);
  CHECK(scale.to_ns(last - 2) == kMaxTimeNs / 1000 * 1000 - 2000);
  CHECK(scale.to_ns(last - 1) == kMaxTimeNs / 1000 * 1000 - 1000);
  CHECK(scale.to_ns(last) == kMaxTimeNs / 1000 * 1000);
  CHECK(scale.to_ns(last + 1) == kMaxTimeNs);
}

}  // namespace
}  // namespace pktana::ring
