// SPDX-License-Identifier: Apache-2.0
// What a record says of a flow's bytes and of its ends, through the whole table.
#include <limits>

#include "flow/shard_fixture.h"

namespace pktana::flow {
namespace {

FlowPacket with_ip_len(FlowPacket packet, uint32_t ip_len) {
  packet.ip_len = ip_len;
  return packet;
}

TEST_CASE("shard: IP bytes are those of the length fields, beyond 2^32 too") {
  ShardFixture fixture;
  const Conversation talk = conversation(1, kProtocolUdp);
  constexpr uint32_t kHuge = std::numeric_limits<uint32_t>::max();
  for (int i = 0; i < 3; ++i)
    fixture.shard().update(with_ip_len(support::from_client(talk, {.payload_len = kHuge}), kHuge));
  fixture.shard().update(with_ip_len(support::from_server(talk, {.payload_len = 8}), 36));
  const FlowRecord& record = fixture.finish().at(0);
  CHECK(record.totals[kToServer].ip_bytes == 3 * uint64_t{kHuge});
  CHECK(record.totals[kToServer].payload_bytes == 3 * uint64_t{kHuge});
  CHECK(record.totals[kToClient].ip_bytes == 36);
  CHECK(record.totals[kToClient].sequence_bytes == 8);
}

TEST_CASE("shard: a flow whose first packet was an answer says so in its history") {
  ShardFixture fixture;
  fixture.server(conversation(1), {.tcp_flags = kSynAck, .seq = 5000, .ack = 1001});
  fixture.server(conversation(2, kProtocolUdp), {});
  const auto& records = fixture.finish();
  CHECK(records.at(0).history[0] == '^');
  CHECK(records.at(0).history[1] == 'h');
  CHECK(records.at(0).conn_state == ConnState::Oth);
  CHECK(records.at(1).history[0] == '^');
  CHECK(records.at(1).history[1] == 'd');
  CHECK(records.at(1).conn_state == ConnState::SHR);
}

TEST_CASE("shard: DHCP's server is the responder, though its client's port is as low") {
  ShardFixture fixture;
  Conversation talk = conversation(1, kProtocolUdp);
  talk.client_port = 68;
  talk.server_port = 67;
  fixture.server(talk, {});
  const FlowRecord& record = fixture.finish().at(0);
  CHECK(record.initiator_basis == InitiatorBasis::Port);
  CHECK(record.src_port == 68);
}

TEST_CASE("shard: each part of a split flow has the history and content of its own") {
  ShardFixture fixture({.max_flows = 10, .active_timeout_ns = 10 * kSecond});
  const Conversation talk = conversation(1);
  fixture.open(talk, kStart);
  const auto data = [&](int64_t ts_ns, uint32_t seq) {
    fixture.client(
        talk, {.ts_ns = ts_ns, .payload_len = 100, .tcp_flags = kTcpAck, .seq = seq, .ack = 5001});
  };
  data(kStart + kSecond, 1001);
  data(kStart + 11 * kSecond, 1101);
  data(kStart + 12 * kSecond, 1201);
  const auto& records = fixture.finish();
  CHECK(records.at(0).totals[kToServer].sequence_bytes == 100);
  CHECK(std::string(records.at(0).history.data()) == "ShAD");
  CHECK(records.at(1).totals[kToServer].sequence_bytes == 200);
  CHECK(std::string(records.at(1).history.data()) == "D");
  CHECK(records.at(1).conn_state == ConnState::S1);
}

}  // namespace
}  // namespace pktana::flow
