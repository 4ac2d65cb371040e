// SPDX-License-Identifier: Apache-2.0
// Live flows that go from one shard to another, as from a process to the next one.
#include <array>
#include <memory>

#include "base/state_bytes.h"
#include "flow/encapsulation_table.h"
#include "random_traffic.h"
#include "record_text.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

constexpr ShardOptions kRoomy{.max_flows = 10'000};
constexpr std::array<uint16_t, 1> kSameSource{0};

std::vector<uint8_t> saved(const FlowShard& shard) {
  base::StateWriter out;
  shard.save(out);
  return {out.bytes().begin(), out.bytes().end()};
}

bool restored(FlowShard& shard, base::Bytes bytes,
              RestoreChoice choice = {.sources = kSameSource}) {
  base::StateReader in(bytes);
  return shard.restore(in, choice);
}

std::vector<FlowRecord> in_one_life(const std::vector<FlowPacket>& packets,
                                    const ShardOptions& options) {
  ShardFixture table(options);
  for (const FlowPacket& packet : packets)
    table.shard().update(packet);
  return table.finish();
}

/// The same, but with a new shard every `life` packets, which goes on where the one before was.
std::vector<FlowRecord> in_many_lives(const std::vector<FlowPacket>& packets, size_t life,
                                      const ShardOptions& options) {
  std::vector<FlowRecord> all;
  auto table = std::make_unique<ShardFixture>(options);
  for (size_t i = 0; i < packets.size(); ++i) {
    if (i > 0 && i % life == 0) {
      const auto state = saved(table->shard());
      const auto& records = table->records();
      all.insert(all.end(), records.begin(), records.end());
      table = std::make_unique<ShardFixture>(options);
      REQUIRE(restored(table->shard(), state));
    }
    table->shard().update(packets[i]);
  }
  const auto& last = table->finish();
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

TEST_CASE("state: flows that change the process leave the records that they would have left") {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const auto packets = RandomTraffic(seed, {}).take(20'000);
    const auto expected = sorted_text(in_one_life(packets, kRoomy));
    CHECK(expected.size() > 1000);
    for (const size_t life : {7U, 500U, 9999U})
      CHECK((sorted_text(in_many_lives(packets, life, kRoomy)) == expected));
  }
}

TEST_CASE("state: likewise where flows are split and give updates") {
  const ShardOptions options{
      .max_flows = 10'000, .active_timeout_ns = 20 * kSecond, .update_interval_ns = 10 * kSecond};
  const auto packets = RandomTraffic(5, {}).take(20'000);
  const auto expected = sorted_text(in_one_life(packets, options));
  CHECK((sorted_text(in_many_lives(packets, 500, options)) == expected));
}

TEST_CASE("state: totals say what was restored, and balance with it") {
  const auto packets = RandomTraffic(7, {}).take(2'000);
  ShardFixture first(kRoomy);
  for (const FlowPacket& packet : packets)
    first.shard().update(packet);
  ShardFixture second(kRoomy);
  REQUIRE(restored(second.shard(), saved(first.shard())));
  CHECK(second.shard().live() == first.shard().live());
  CHECK(second.shard().totals().flows_created == 0);
  CHECK(second.shard().totals().flows_restored == first.shard().live());
  CHECK(second.shard().totals().packets_restored == first.shard().live_packets());
  CHECK(second.shard().live_packets() == first.shard().live_packets());
}

TEST_CASE("state: whatever cut of it leaves a shard that works") {
  const auto packets = RandomTraffic(9, {.conversations = 10}).take(200);
  ShardFixture first(kRoomy);
  for (const FlowPacket& packet : packets)
    first.shard().update(packet);
  const auto state = saved(first.shard());
  for (size_t size = 0; size < state.size(); size += 1 + size / 50) {
    ShardFixture second(kRoomy);
    CHECK_FALSE(restored(second.shard(), base::Bytes(state).first(size)));
    for (const FlowPacket& packet : packets)
      second.shard().update(packet);
    const uint32_t live = second.shard().live();
    const uint64_t ended = second.shard().totals().records;
    CHECK(second.finish().size() == live + ended);
  }
}

TEST_CASE("state: flows can be left out, and those of a source that is not known are") {
  ShardFixture first(kRoomy);
  first.client(conversation(1), {.ts_ns = kStart});
  first.client(conversation(2), {.ts_ns = kStart});
  const auto state = saved(first.shard());
  ShardFixture none(kRoomy);
  REQUIRE(restored(none.shard(), state, {.sources = {}}));
  CHECK(none.shard().live() == 0);
  ShardFixture one(kRoomy);
  unsigned asked = 0;
  REQUIRE(restored(
      one.shard(), state,
      {.sources = kSameSource, .is_wanted = [&](const FlowRecord&) { return ++asked == 2; }}));
  CHECK(one.shard().live() == 1);
}

TEST_CASE("state: a shard with less room ends flows, and none is lost") {
  const auto packets = RandomTraffic(11, {}).take(2'000);
  ShardFixture first(kRoomy);
  for (const FlowPacket& packet : packets)
    first.shard().update(packet);
  ShardFixture small({.max_flows = 20});
  REQUIRE(restored(small.shard(), saved(first.shard())));
  const uint32_t flows = first.shard().live();
  CHECK(flows > 20);
  CHECK(small.finish().size() == flows);
}

}  // namespace
}  // namespace pktana::flow
