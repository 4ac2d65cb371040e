// SPDX-License-Identifier: Apache-2.0
// TCP quality over the life of a flow: mid-stream starts, one-sided captures, splits, reuse, and
// the drops of our own ring.
#include "tcp_talk.h"

namespace pktana::flow {
namespace {

TEST_CASE("tcp quality: a capture that begins mid-stream has no gap at its beginning") {
  TcpTalk talk;
  talk.server({.byte = 700'000, .length = 100, .acks = 5000});
  talk.server({.at_ms = 1, .byte = 700'100, .length = 100, .acks = 5000});
  talk.client({.at_ms = 3, .byte = 5000, .acks = 700'200});
  talk.server({.at_ms = 400, .byte = 700'000, .length = 100, .acks = 5000});
  const TcpQuality quality = talk.quality();
  const TcpSide& sent =
      quality.side[kToServer].retransmits > 0 ? quality.side[kToServer] : quality.side[kToClient];
  CHECK(sent.retransmits == 1);
  CHECK(sent.spurious_retransmits == 1);
  CHECK(quality.side[0].lost_bytes + quality.side[1].lost_bytes == 0);
  CHECK(quality.side[0].mss + quality.side[1].mss == 0);
}

TEST_CASE("tcp quality: one side alone is enough for its retransmissions and gaps") {
  TcpTalk talk;
  talk.client({.byte = TcpTalk::kSynByte, .flags = kTcpSyn});
  talk.client({.at_ms = 10});
  talk.client({.at_ms = 20, .byte = 0, .length = 100});
  talk.client({.at_ms = 30, .byte = 200, .length = 100});
  talk.client({.at_ms = 500, .byte = 200, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToServer].retransmits == 1);
  CHECK(quality.side[kToServer].lost_bytes == 100);
  CHECK(quality.side[kToServer].rtt.count == 0);
}

TEST_CASE("tcp quality: the second of two segments is already looked at") {
  TcpTalk data;
  data.client({.byte = 0, .length = 100});
  data.client({.at_ms = 300, .byte = 0, .length = 100});
  CHECK(data.quality().side[kToServer].retransmits == 1);
  TcpTalk fin;
  fin.client({.flags = kFinAck});
  fin.client({.at_ms = 300, .flags = kFinAck});
  CHECK(fin.quality().side[kToServer].retransmits == 1);
  TcpTalk acked;
  acked.client({.byte = 0, .length = 100});
  acked.server({.at_ms = 15, .acks = 100});
  CHECK(acked.quality().side[kToServer].rtt.max_us == 15'000);
}

TEST_CASE("tcp quality: unanswered SYNs are retransmissions of the first") {
  TcpTalk talk;
  for (int64_t second : {0, 1, 3, 7})
    talk.client({.at_ms = second * 1000, .byte = TcpTalk::kSynByte, .flags = kTcpSyn});
  CHECK(talk.quality().side[kToServer].retransmits == 3);
}

TEST_CASE("tcp quality: options of the SYN and the SYN/ACK are told by side") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  constexpr std::array<uint8_t, 20> kClient{2, 4, 0x05, 0xB4, 4, 2, 8, 10, 0, 0,
                                            0, 1, 0,    0,    0, 0, 1, 3,  3, 7};
  constexpr std::array<uint8_t, 4> kServer{2, 4, 0x05, 0x50};
  table.client(talk, {.tcp_flags = kTcpSyn, .seq = 1000, .tcp_options = kClient});
  table.server(talk, {.tcp_flags = kSynAck, .seq = 5000, .ack = 1001, .tcp_options = kServer});
  const TcpQuality quality = table.finish().at(0).tcp;
  const TcpSide& client = quality.side[kToServer];
  CHECK(client.mss == 1460);
  CHECK(client.window_scale == 7);
  CHECK(client.sack_permitted);
  CHECK(client.timestamps);
  const TcpSide& server = quality.side[kToClient];
  CHECK(server.mss == 1360);
  CHECK(server.window_scale == kNoWindowScale);
  CHECK_FALSE(server.sack_permitted);
  CHECK_FALSE(server.timestamps);
}

TEST_CASE("tcp quality: a split begins its counts anew and keeps the sequence") {
  TcpTalk talk(1000, {.max_flows = 10, .active_timeout_ns = 10 * kSecond});
  talk.open(0, 5, 10);
  talk.server({.at_ms = 20, .byte = 0, .length = 100});
  talk.client({.at_ms = 25, .acks = 100});
  talk.server({.at_ms = 500, .byte = 0, .length = 100});   // spurious
  talk.server({.at_ms = 600, .byte = 150, .length = 50});  // a hole of 50
  talk.server({.at_ms = 11'000, .byte = 200, .length = 50});
  talk.server({.at_ms = 12'000, .byte = 200, .length = 50});
  const auto& records = talk.table().finish();
  REQUIRE(records.size() == 2);
  const TcpSide& first = records[0].tcp.side[kToClient];
  CHECK(first.retransmits == 1);
  CHECK(first.lost_bytes == 50);
  CHECK(first.rtt.count == 1);
  CHECK(records[0].tcp.handshake_us == 10'000);
  const TcpSide& second = records[1].tcp.side[kToClient];
  CHECK(second.retransmits == 1);
  CHECK(second.spurious_retransmits == 0);
  CHECK(second.lost_bytes == 0);
  CHECK(second.rtt.count == 0);
  CHECK(records[1].tcp.handshake_us == kUnknownUs);
}

TEST_CASE("tcp quality: the next connection on the same ports begins at nothing") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  const Sent data{
      .ts_ns = kStart, .payload_len = 10, .tcp_flags = kTcpAck, .seq = 1001, .ack = 5001};
  table.client(talk, data);
  table.client(talk, data);
  table.open(talk, kStart + kSecond, 777'000);
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(records[0].tcp.side[kToServer].retransmits == 1);
  CHECK(records[1].tcp.side[kToServer].retransmits == 0);
  CHECK(records[1].tcp.side[kToServer].lost_bytes == 0);
}

TEST_CASE("tcp quality: gaps may be ours if our ring dropped packets while the flow lived") {
  ShardFixture table;
  const auto talk_at = [&](uint32_t number, int64_t second) {
    table.open(conversation(number), kStart + second * kSecond);
    table.client(
        conversation(number),
        {.ts_ns = kStart + (second + 2) * kSecond, .tcp_flags = kTcpAck, .seq = 1001, .ack = 5001});
  };
  talk_at(1, 0);   // 0 to 2
  talk_at(2, 10);  // 10 to 12
  talk_at(3, 20);  // 20 to 22
  table.shard().note_loss(kStart + 11 * kSecond, kStart + 15 * kSecond);
  for (const FlowRecord& record : table.finish()) {
    const bool second = record.start_ns == kStart + 10 * kSecond;
    CHECK(record.tcp.gaps_may_be_ours == second);
  }
}

TEST_CASE("tcp quality: other protocols have none") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {.payload_len = 10});
  table.shard().note_loss(kStart, kStart);
  const TcpQuality quality = table.finish().at(0).tcp;
  CHECK_FALSE(quality.gaps_may_be_ours);
  CHECK(quality.handshake_us == kUnknownUs);
}

}  // namespace
}  // namespace pktana::flow
