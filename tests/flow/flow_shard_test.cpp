// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"

#include <set>

#include "shard_fixture.h"

namespace pktana::flow {
namespace {

TEST_CASE("flow shard: packets, bytes and payload are counted by direction") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {.wire_len = 100, .payload_len = 58});
  table.server(talk, {.wire_len = 1500, .payload_len = 1458});
  table.server(talk, {.wire_len = 300, .payload_len = 258});
  const auto& records = table.finish();
  REQUIRE(records.size() == 1);
  const FlowRecord& record = records[0];
  CHECK(record.totals[kToServer].packets == 1);
  CHECK(record.totals[kToServer].bytes == 100);
  CHECK(record.totals[kToServer].payload_bytes == 58);
  CHECK(record.totals[kToClient].packets == 2);
  CHECK(record.totals[kToClient].bytes == 1800);
  CHECK(record.totals[kToClient].payload_bytes == 1716);
}

TEST_CASE("flow shard: a record names the ends as they talked, initiator first") {
  for (const bool client_is_high : {false, true}) {
    Conversation talk = conversation(1, kProtocolUdp);
    if (client_is_high) std::swap(talk.client, talk.server);
    ShardFixture table;
    table.client(talk, {});
    table.server(talk, {});
    const FlowRecord record = table.finish().at(0);
    CHECK(record.src == talk.client);
    CHECK(record.dst == talk.server);
    CHECK(record.src_port == talk.client_port);
    CHECK(record.dst_port == talk.server_port);
    CHECK(record.ip_version == 4);
    CHECK(record.protocol == kProtocolUdp);
  }
}

TEST_CASE("flow shard: IPv6 addresses come out whole") {
  ShardFixture table;
  const Conversation talk = conversation6(7);
  table.open(talk, kStart);
  const FlowRecord record = table.finish().at(0);
  CHECK(record.src == talk.client);
  CHECK(record.dst == talk.server);
  CHECK(record.ip_version == 6);
  CHECK(record.totals[kToServer].packets == 2);
}

TEST_CASE("flow shard: start and end are the times of the first and the latest packet") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  for (const int64_t seconds : {0, 1, 5})
    table.client(talk, {.ts_ns = kStart + seconds * kSecond});
  const FlowRecord record = table.finish().at(0);
  CHECK(record.start_ns == kStart);
  CHECK(record.end_ns == kStart + 5 * kSecond);
}

TEST_CASE("flow shard: TCP flags are gathered by direction") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.client(talk, {.tcp_flags = kTcpAck | 0x08, .seq = 1001, .ack = 5001});
  const FlowRecord record = table.finish().at(0);
  CHECK(record.tcp_flags[kToServer] == (kTcpSyn | kTcpAck | 0x08));
  CHECK(record.tcp_flags[kToClient] == (kTcpSyn | kTcpAck));
  CHECK((record.tcp_state == TcpState::Established));
  CHECK((record.state == FlowState::Established));
}

TEST_CASE("flow shard: a flow is new until there is an answer") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {});
  table.client(conversation(2, kProtocolUdp), {});
  table.server(conversation(2, kProtocolUdp), {});
  const auto& records = table.finish();
  CHECK((records.at(0).state == FlowState::New));
  CHECK((records.at(1).state == FlowState::Established));
}

TEST_CASE("flow shard: what the source and the VLAN tags said at the beginning stays") {
  ShardFixture table;
  Conversation talk = conversation(1);
  talk.source_id = 7;
  talk.vlan_count = 2;
  talk.vlan_id = {100, 200};
  table.client(talk, {});
  talk.source_id = 8;
  table.server(talk, {});
  const FlowRecord record = table.finish().at(0);
  CHECK(record.source_id == 7);
  CHECK(record.vlan_count == 2);
  CHECK(record.vlan_id == std::array<uint16_t, 3>{100, 200, 0});
}

TEST_CASE("flow shard: packets cut by the snap length are counted") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {.payload_cut = true});
  table.server(talk, {.payload_cut = true});
  table.client(talk, {});
  CHECK(table.finish().at(0).truncated_packets == 2);
}

TEST_CASE("flow shard: totals count flows by protocol") {
  ShardFixture table;
  table.client(conversation(1), {});
  table.client(conversation(1, kProtocolUdp), {});
  table.client(conversation(2, kProtocolUdp), {});
  table.client(conversation(1, kProtocolIcmp), {});
  table.client(conversation6(1, kProtocolIcmpv6), {});
  table.client(conversation(1, kProtocolSctp), {});
  table.client(conversation(1, 47), {});
  const ShardTotals& totals = table.shard().totals();
  CHECK(totals.flows_created == 7);
  CHECK(totals.flows_tcp == 1);
  CHECK(totals.flows_udp == 2);
  CHECK(totals.flows_icmpv4 == 1);
  CHECK(totals.flows_icmpv6 == 1);
  CHECK(totals.flows_other == 2);
  CHECK(totals.packets == 7);
  CHECK(totals.bytes == 700);
}

TEST_CASE("flow shard: sums of totals add every field") {
  ShardFixture table;
  table.open(conversation(1), kStart);
  table.client(conversation(1, 47), {});
  table.finish();
  ShardTotals sum = table.shard().totals();
  sum += table.shard().totals();
  CHECK(sum.packets == 8);
  CHECK(sum.bytes == 800);
  CHECK(sum.flows_created == 4);
  CHECK(sum.flows_tcp == 2);
  CHECK(sum.flows_other == 2);
  CHECK(sum.records == 4);
  CHECK(sum.record_packets == 8);
  CHECK(sum.ended[static_cast<size_t>(EndReason::Shutdown)] == 4);
}

TEST_CASE(
    "flow shard: flow ids fit a JSON number, differ between flows and come again in a rerun") {
  std::set<uint64_t> ids;
  for (int run = 0; run < 2; ++run) {
    ShardFixture table;
    for (uint32_t i = 0; i < 500; ++i)
      table.client(conversation(i), {.ts_ns = kStart + i});
    for (const FlowRecord& record : table.finish()) {
      CHECK(record.flow_id > 0);
      CHECK(record.flow_id < uint64_t{1} << 53);
      ids.insert(record.flow_id);
    }
  }
  CHECK(ids.size() == 500);
}

TEST_CASE("flow shard: records are handed over in bundles, the rest on flush") {
  ShardFixture table({.max_flows = 200});
  for (uint32_t i = 0; i < 100; ++i)
    table.client(conversation(i), {});
  CHECK(table.collector().records().empty());
  table.finish();
  CHECK(table.collector().bundles() == std::vector<size_t>{64, 36});
  table.shard().flush();
  CHECK(table.collector().bundles().size() == 2);
}

TEST_CASE("flow shard: live flows and their packets can be asked for") {
  ShardFixture table;
  for (uint32_t i = 0; i < 10; ++i)
    for (uint32_t k = 0; k <= i; ++k)
      table.client(conversation(i, kProtocolUdp), {});
  CHECK(table.shard().live() == 10);
  CHECK(table.shard().live_packets() == 55);
  table.finish();
  CHECK(table.shard().live() == 0);
  CHECK(table.shard().live_packets() == 0);
}

TEST_CASE("flow shard: prefetching changes nothing") {
  ShardFixture table;
  FlowPacket packet = support::from_client(conversation(1), {});
  for (int i = 0; i < 3; ++i) {
    table.shard().prefetch_index(packet);
    table.shard().prefetch_entry(packet);
    table.shard().update(packet);
  }
  CHECK(table.shard().live() == 1);
  CHECK(table.shard().live_packets() == 3);
}

TEST_CASE(
    "flow shard: a flow that has ended, or whose slot is another's, is not found by its slot") {
  ShardFixture table;
  FlowPacket packet = support::from_client(conversation(1), {});
  table.shard().update(packet);
  table.shard().prefetch_entry(packet);
  table.pass_time(kStart + 1000 * kSecond);
  table.shard().update(support::from_client(conversation(2), {.ts_ns = kStart + 1000 * kSecond}));
  packet.ts_ns = packet.first_ns = kStart + 1000 * kSecond;
  table.shard().update(packet);
  CHECK(table.shard().live() == 2);
  CHECK(table.finish().size() == 3);
}

TEST_CASE("flow shard: a table for no flow at all is refused") {
  support::RecordCollector collector;
  const auto shard = FlowShard::create({.max_flows = 0}, collector);
  REQUIRE_FALSE(shard);
  CHECK(to_string(shard.error()) == "flow table: max_flows must be at least 1");
}

TEST_CASE("flow shard: a table beyond 2^30 flows is refused") {
  support::RecordCollector collector;
  const auto shard = FlowShard::create({.max_flows = 0xFFFFFFFF}, collector);
  REQUIRE_FALSE(shard);
  CHECK(to_string(shard.error()) == "flow table: max_flows must be at most 1073741824");
}

}  // namespace
}  // namespace pktana::flow
