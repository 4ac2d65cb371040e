// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

std::string_view reason_of(const FlowRecord& record) { return to_string(record.end_reason); }

TEST_CASE("flow end: a silent flow is idle when its timeout has passed, not before") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {});
  table.pass_time(kStart + 30 * kSecond);
  CHECK(table.records().empty());
  table.pass_time(kStart + 30 * kSecond + 1);
  table.pass_time(kStart + 32 * kSecond);
  REQUIRE(table.records().size() == 1);
  CHECK(reason_of(table.records()[0]) == "idle");
  CHECK_FALSE(table.records()[0].at_shutdown);
  CHECK(table.shard().live() == 0);
}

TEST_CASE("flow end: an answered flow lives under the longer timeout") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {});
  table.server(talk, {});
  table.pass_time(kStart + 299 * kSecond);
  CHECK(table.records().empty());
  table.pass_time(kStart + 302 * kSecond);
  CHECK(table.records().size() == 1);
}

TEST_CASE("flow end: every packet puts the idle timeout off") {
  ShardFixture table;
  for (int i = 0; i < 10; ++i)
    table.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + i * 29 * kSecond});
  CHECK(table.records().empty());
  CHECK(table.finish().at(0).totals[kToServer].packets == 10);
}

TEST_CASE("flow end: a connection with FINs both ways leaves as closed after the closed timeout") {
  ShardFixture table;
  table.open(conversation(1), kStart);
  table.close(conversation(1), kStart + kSecond);
  table.pass_time(kStart + 60 * kSecond);
  CHECK(table.records().empty());
  table.pass_time(kStart + 63 * kSecond);
  const FlowRecord record = table.records().at(0);
  CHECK(reason_of(record) == "closed");
  CHECK((record.state == FlowState::Closed));
  CHECK((record.tcp_state == TcpState::Closed));
}

TEST_CASE("flow end: FINs both ways are closed even where the last ACKs were not seen") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.server(talk, {.tcp_flags = kFinAck, .seq = 5001, .ack = 1001});
  table.client(talk, {.tcp_flags = kFinAck, .seq = 1001, .ack = 5001});  // closing
  CHECK(reason_of(table.finish().at(0)) == "closed");
}

TEST_CASE("flow end: a connection that was reset leaves as reset") {
  ShardFixture table;
  table.open(conversation(1), kStart);
  table.server(conversation(1), {.tcp_flags = kTcpRst, .seq = 5001});
  table.pass_time(kStart + 63 * kSecond);
  const FlowRecord record = table.records().at(0);
  CHECK(reason_of(record) == "reset");
  CHECK((record.state == FlowState::Closed));
}

TEST_CASE("flow end: a refused connection is reset") {
  ShardFixture table;
  table.client(conversation(1), {.tcp_flags = kTcpSyn, .seq = 1000});
  table.server(conversation(1), {.tcp_flags = kTcpRst | kTcpAck, .ack = 1001});
  CHECK(reason_of(table.finish().at(0)) == "reset");
}

TEST_CASE("flow end: a reset behind FINs both ways is still closed") {
  ShardFixture table;
  table.open(conversation(1), kStart);
  table.close(conversation(1), kStart);
  table.server(conversation(1), {.tcp_flags = kTcpRst, .seq = 5002});
  CHECK(reason_of(table.finish().at(0)) == "closed");
}

TEST_CASE("flow end: late packets of a closed connection stay in it") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.close(talk, kStart);
  table.client(talk, {.ts_ns = kStart + kSecond, .tcp_flags = kFinAck, .seq = 1001, .ack = 5001});
  table.server(talk, {.ts_ns = kStart + kSecond, .tcp_flags = kTcpAck, .seq = 5002, .ack = 1002});
  table.server(talk, {.ts_ns = kStart + kSecond, .tcp_flags = kTcpRst, .seq = 5002});
  const auto& records = table.finish();
  REQUIRE(records.size() == 1);
  CHECK(records[0].totals[kToServer].packets + records[0].totals[kToClient].packets == 9);
}

TEST_CASE("flow end: what is live when the capture ends leaves as shutdown") {
  ShardFixture table;
  table.open(conversation(1), kStart);
  table.client(conversation(2, kProtocolUdp), {});
  for (const FlowRecord& record : table.finish()) {
    CHECK(reason_of(record) == "shutdown");
    CHECK(record.at_shutdown);
  }
  CHECK(table.records().size() == 2);
}

TEST_CASE("flow end: at shutdown closed stays closed, and idle stays idle") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {});
  table.open(conversation(2), kStart + 100 * kSecond);
  table.close(conversation(2), kStart + 100 * kSecond);
  const auto& records = table.finish();
  CHECK(reason_of(records.at(0)) == "idle");  // its time was over, though no sweep came by
  CHECK_FALSE(records.at(0).at_shutdown);
  CHECK(reason_of(records.at(1)) == "closed");
  CHECK(records.at(1).at_shutdown);
}

TEST_CASE("flow end: a new SYN on a closed connection ends it as tuple_reuse") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.close(talk, kStart);
  table.open(talk, kStart, 9000);
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(reason_of(records[0]) == "tuple_reuse");
  CHECK(records[0].totals[kToServer].packets == 4);
  CHECK(reason_of(records[1]) == "shutdown");
  CHECK(records[1].totals[kToServer].packets == 2);
  CHECK(records[0].flow_id != records[1].flow_id);  // though both began in the same nanosecond
}

TEST_CASE("flow end: a SYN from the former server begins a connection with ends exchanged") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  table.close(talk, kStart);
  table.server(talk, {.ts_ns = kStart + kSecond, .tcp_flags = kTcpSyn, .seq = 77});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(records[0].src == talk.client);
  CHECK(records[1].src == talk.server);
  CHECK(records[1].totals[kToServer].packets == 1);
}

TEST_CASE("flow end: a SYN sent again does not end its connection") {
  ShardFixture table;
  for (int i = 0; i < 5; ++i)
    table.client(conversation(1), {.ts_ns = kStart + i * kSecond, .tcp_flags = kTcpSyn, .seq = 1});
  CHECK(table.finish().size() == 1);
}

TEST_CASE("flow end: a packet that comes after the timeout begins a flow of its own") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {});
  table.server(talk, {.ts_ns = kStart + 31 * kSecond});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(reason_of(records[0]) == "idle");
  CHECK(records[0].totals[kToServer].packets == 1);
  CHECK(reason_of(records[1]) == "shutdown");
  CHECK(records[1].start_ns == kStart + 31 * kSecond);
  CHECK(records[0].flow_id != records[1].flow_id);
}

}  // namespace
}  // namespace pktana::flow
