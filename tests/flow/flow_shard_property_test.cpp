// SPDX-License-Identifier: Apache-2.0
// What holds for any traffic: no packet or byte is lost or doubled between flows and records, and
// when the table is swept makes no difference.
#include "flow/flow_shard.h"
#include "random_traffic.h"
#include "record_text.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

constexpr ShardOptions kRoomy{.max_flows = 10'000};
constexpr ShardOptions kSplitting{.max_flows = 10'000, .active_timeout_ns = 20 * kSecond};

/// The records of `packets` when after each so many (`period`, give or take) the table is swept for
/// at most `budget` slots.
std::vector<std::string> records_swept(const std::vector<FlowPacket>& packets, ShardOptions options,
                                       uint32_t budget, uint64_t period) {
  ShardFixture table(options);
  std::mt19937_64 random(budget + period);
  for (const FlowPacket& packet : packets) {
    table.shard().update(packet);
    if (random() % period == 0) table.shard().sweep(budget);
  }
  return sorted_text(table.finish());
}

void check_sweep_makes_no_difference(const std::vector<FlowPacket>& packets,
                                     const ShardOptions& options) {
  const auto expected = records_swept(packets, options, 0, 1);
  CHECK(expected.size() > 1000);
  for (const uint32_t budget : {1U, 100U, 1000U, ~0U})
    for (const uint64_t period : {1U, 32U, 1000U})
      CHECK((records_swept(packets, options, budget, period) == expected));
}

TEST_CASE("property: the same records whatever the sweep schedule") {
  for (uint64_t seed = 1; seed <= 4; ++seed)
    check_sweep_makes_no_difference(RandomTraffic(seed, {}).take(20'000), kRoomy);
}

TEST_CASE("property: the same records whatever the sweep schedule, with flows split") {
  for (uint64_t seed = 11; seed <= 14; ++seed)
    check_sweep_makes_no_difference(RandomTraffic(seed, {}).take(20'000), kSplitting);
}

TEST_CASE("property: the same records whatever the sweep schedule, when time steps back") {
  for (uint64_t seed = 21; seed <= 22; ++seed)
    check_sweep_makes_no_difference(RandomTraffic(seed, {.steps_back = 10}).take(20'000), kRoomy);
}

/// The packets shared among `count` shards by hash, as the workers of a file run do: each sees the
/// time of all packets.
std::vector<std::string> records_shared(const std::vector<FlowPacket>& packets, unsigned count) {
  std::vector<FlowRecord> all;
  for (unsigned share = 0; share < count; ++share) {
    ShardFixture table(kSplitting);
    for (const FlowPacket& packet : packets) {
      table.shard().advance(packet.ts_ns);
      if ((packet.hash >> 16) % count == share) table.shard().update(packet);
    }
    const auto& records = table.finish();
    all.insert(all.end(), records.begin(), records.end());
  }
  return sorted_text(all);
}

TEST_CASE("property: the same records for any number of shards that see the same time") {
  const auto packets = RandomTraffic(31, {.steps_back = 5}).take(20'000);
  const auto alone = records_shared(packets, 1);
  for (const unsigned count : {2U, 3U, 8U})
    CHECK((records_shared(packets, count) == alone));
}

struct Sums {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  uint64_t payload_bytes = 0;
  uint64_t truncated = 0;

  friend bool operator==(const Sums&, const Sums&) = default;
};

Sums sums_of(const std::vector<FlowPacket>& packets) {
  Sums sums;
  for (const FlowPacket& packet : packets) {
    ++sums.packets;
    sums.bytes += packet.wire_len;
    sums.payload_bytes += packet.payload_len;
    sums.truncated += packet.payload_cut;
  }
  return sums;
}

Sums sums_of(const std::vector<FlowRecord>& records) {
  Sums sums;
  for (const FlowRecord& record : records) {
    for (const DirectionTotals& totals : record.totals) {
      sums.packets += totals.packets;
      sums.bytes += totals.bytes;
      sums.payload_bytes += totals.payload_bytes;
    }
    sums.truncated += record.truncated_packets;
  }
  return sums;
}

/// No macro of Catch per record where nothing is wrong: there are half a million.
void check_sane(const FlowRecord& record) {
  if (record.end_ns < record.start_ns) FAIL("a negative duration");
  if (record.totals[0].packets + record.totals[1].packets == 0) FAIL("a record without packets");
  if (record.protocol != kProtocolTcp && record.tcp_state != TcpState::None)
    FAIL("a TCP state without TCP");
}

TEST_CASE("property: packets and bytes over the records are those that were fed") {
  for (const uint32_t max_flows : {1U, 7U, 64U, 10'000U}) {
    for (const int64_t active_ns : {int64_t{0}, 5 * kSecond}) {
      ShardFixture table({.max_flows = max_flows, .active_timeout_ns = active_ns});
      const auto packets = RandomTraffic(max_flows, {.conversations = 500}).take(30'000);
      for (const FlowPacket& packet : packets) {
        table.shard().update(packet);
        table.shard().sweep(2);
      }
      const auto& records = table.finish();
      CHECK((sums_of(records) == sums_of(packets)));
      for (const FlowRecord& record : records)
        check_sane(record);
    }
  }
}

TEST_CASE("property: the ledger of a shard holds after every packet") {
  ShardFixture table({.max_flows = 50, .active_timeout_ns = 5 * kSecond});
  RandomTraffic traffic(5, {});
  for (uint64_t fed = 1; fed <= 20'000; ++fed) {
    table.shard().update(traffic.next());
    table.shard().sweep(3);
    const ShardTotals& totals = table.shard().totals();
    const uint64_t ended = totals.records - totals.records_split;
    if (totals.packets != fed) FAIL("a packet was not counted");
    if (totals.flows_created != table.shard().live() + ended) FAIL("a flow has no record");
    if (totals.packets != totals.record_packets + table.shard().live_packets())
      FAIL("a packet is in no record and in no live flow");
  }
}

TEST_CASE("property: every flow leaves one record, and each split one more") {
  ShardFixture table({.max_flows = 50, .active_timeout_ns = 5 * kSecond});
  RandomTraffic traffic(6, {});
  for (int i = 0; i < 50'000; ++i)
    table.shard().update(traffic.next());
  const auto& records = table.finish();
  const ShardTotals& totals = table.shard().totals();
  CHECK(totals.records_split > 100);
  CHECK(records.size() == totals.flows_created + totals.records_split);
  CHECK(totals.records == records.size());
  CHECK(totals.records_split == totals.ended[static_cast<size_t>(EndReason::Active)]);
  std::array<uint64_t, kEndReasonCount> ended{};
  for (const FlowRecord& record : records)
    ++ended[static_cast<size_t>(record.end_reason)];
  CHECK(totals.ended == ended);
  CHECK(totals.flows_created == totals.flows_tcp + totals.flows_udp + totals.flows_icmpv4 +
                                    totals.flows_icmpv6 + totals.flows_other);
}

}  // namespace
}  // namespace pktana::flow
