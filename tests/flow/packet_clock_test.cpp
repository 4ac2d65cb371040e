// SPDX-License-Identifier: Apache-2.0
#include "flow/packet_clock.h"

#include "support/catch.h"

namespace pktana::flow {
namespace {

constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
constexpr int64_t kSmallest = std::numeric_limits<int64_t>::min();
constexpr int64_t kMinute = PacketClock::kMaxLatenessNs;

TEST_CASE("packet clock: goes forward with the packets and not back with late ones") {
  PacketClock clock;
  CHECK(clock.now_ns() == PacketClock::kNoTime);
  CHECK_FALSE(clock.see(100 * kMinute));
  CHECK_FALSE(clock.see(101 * kMinute));
  CHECK_FALSE(clock.see(100 * kMinute));
  CHECK(clock.now_ns() == 101 * kMinute);
}

TEST_CASE("packet clock: more than a minute late is a step back") {
  PacketClock clock;
  CHECK_FALSE(clock.see(100 * kMinute));
  CHECK_FALSE(clock.see(99 * kMinute));
  CHECK(clock.now_ns() == 100 * kMinute);
  CHECK(clock.see(99 * kMinute - 1));
  CHECK(clock.now_ns() == 99 * kMinute - 1);
}

TEST_CASE("packet clock: what is still to come is no time ago") {
  PacketClock clock;
  (void)clock.see(1000);
  CHECK(clock.since(400) == 600);
  CHECK(clock.since(1000) == 0);
  CHECK(clock.since(1001) == 0);
}

TEST_CASE("packet clock: one packet does not take it far ahead, two in a row do") {
  PacketClock clock;
  (void)clock.see(100 * kMinute);
  CHECK_FALSE(clock.see(200 * kMinute));
  CHECK(clock.now_ns() == 100 * kMinute);
  CHECK_FALSE(clock.see(100 * kMinute + 5));
  CHECK(clock.now_ns() == 100 * kMinute + 5);
  CHECK_FALSE(clock.see(200 * kMinute));
  CHECK_FALSE(clock.see(200 * kMinute + 7));
  CHECK(clock.now_ns() == 200 * kMinute + 7);
}

TEST_CASE("packet clock: packets that are minutes apart take it along, one behind") {
  PacketClock clock;
  for (int64_t minute = 0; minute < 100; minute += 10)
    CHECK_FALSE(clock.see(minute * kMinute));
  CHECK(clock.now_ns() == 80 * kMinute);
  clock.settle();
  CHECK(clock.now_ns() == 90 * kMinute);
}

TEST_CASE("packet clock: the wall clock needs no second witness") {
  PacketClock clock;
  (void)clock.see(100 * kMinute);
  CHECK_FALSE(clock.set(200 * kMinute));
  CHECK(clock.now_ns() == 200 * kMinute);
}

TEST_CASE("packet clock: any time that a broken file may give is defined") {
  CHECK(PacketClock::elapsed(kSmallest, kLargest) == ~uint64_t{0});
  CHECK(PacketClock::elapsed(kLargest, kSmallest) == 0);
  PacketClock clock;
  CHECK_FALSE(clock.see(kSmallest));
  CHECK_FALSE(clock.see(kLargest));
  CHECK_FALSE(clock.see(kLargest));
  CHECK(clock.see(kSmallest + 1));
  CHECK(clock.now_ns() == kSmallest + 1);
}

}  // namespace
}  // namespace pktana::flow
