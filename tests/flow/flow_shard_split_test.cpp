// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

constexpr ShardOptions kSplitting{.max_flows = 100, .active_timeout_ns = 10 * kSecond};

TEST_CASE("active timeout: a long flow is split into parts with one flow id") {
  ShardFixture table(kSplitting);
  const Conversation talk = conversation(1, kProtocolUdp);
  for (int second = 0; second < 25; ++second)
    table.client(talk, {.ts_ns = kStart + second * kSecond, .wire_len = 100, .payload_len = 50});
  const auto& records = table.finish();
  REQUIRE(records.size() == 3);
  uint32_t part = 0;
  for (const FlowRecord& record : records) {
    const bool last = part == 2;
    CHECK(record.flow_id == records[0].flow_id);
    CHECK(record.continuation == part);
    CHECK(to_string(record.end_reason) == (last ? "shutdown" : "active"));
    CHECK(record.start_ns == kStart + part * 10 * kSecond);
    CHECK(record.totals[kToServer].packets == (last ? 5 : 10));
    CHECK(record.totals[kToServer].bytes == (last ? 500 : 1000));
    CHECK(record.totals[kToServer].payload_bytes == (last ? 250 : 500));
    ++part;
  }
  CHECK(table.shard().totals().records_split == 2);
  CHECK(table.shard().totals().flows_created == 1);
  CHECK(table.shard().totals().records == 3);
}

TEST_CASE("active timeout: off means never") {
  ShardFixture table;
  for (int i = 0; i < 1000; ++i)
    table.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + i * 20 * kSecond});
  CHECK(table.finish().size() == 1);
}

TEST_CASE("active timeout: each part has its own flags and cut packets, the state goes on") {
  ShardFixture table(kSplitting);
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.client(talk, {.ts_ns = kStart, .tcp_flags = kTcpAck, .payload_cut = true});
  table.client(talk, {.ts_ns = kStart + 11 * kSecond, .tcp_flags = kTcpAck | 0x08});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(records[0].tcp_flags[kToServer] == (kTcpSyn | kTcpAck));
  CHECK(records[0].truncated_packets == 1);
  CHECK(records[1].tcp_flags[kToServer] == (kTcpAck | 0x08));
  CHECK(records[1].tcp_flags[kToClient] == 0);
  CHECK(records[1].truncated_packets == 0);
  CHECK((records[1].tcp_state == TcpState::Established));
  CHECK((records[1].initiator_basis == InitiatorBasis::Syn));
}

TEST_CASE("active timeout: a connection closed before the split does not become a reset one") {
  ShardFixture table(kSplitting);
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.close(talk, kStart + kSecond);
  table.client(talk, {.ts_ns = kStart + 12 * kSecond, .tcp_flags = kTcpAck, .seq = 1002});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(to_string(records[0].end_reason) == "active");
  CHECK(to_string(records[1].end_reason) == "closed");
}

TEST_CASE("active timeout: a flow that went idle ends as idle, it is not split") {
  ShardFixture table(kSplitting);
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {});
  table.client(talk, {.ts_ns = kStart + 40 * kSecond});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(to_string(records[0].end_reason) == "idle");
  CHECK(records[1].continuation == 0);
}

TEST_CASE("active timeout: an answer in a later part is still an answer") {
  ShardFixture table(kSplitting);
  const Conversation talk = conversation(1, kProtocolIcmp);
  table.client(talk, {});
  table.client(talk, {.ts_ns = kStart + 11 * kSecond});
  table.server(talk, {.ts_ns = kStart + 12 * kSecond});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK_FALSE(records[0].has_icmp_response);
  CHECK(records[1].has_icmp_response);
  CHECK((records[1].state == FlowState::Established));
}

}  // namespace
}  // namespace pktana::flow
