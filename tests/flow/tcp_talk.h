// SPDX-License-Identifier: Apache-2.0
// One TCP connection for the tests of TCP quality: segments by their place in the stream, not by
// sequence number. Byte 0 is the first behind the SYN, on both sides.
#pragma once

#include "shard_fixture.h"

namespace pktana::flow {

class TcpTalk {
 public:
  static constexpr int64_t kMs = base::kNsPerMs;

  /// A segment; what is not said is that of a bare ACK.
  struct Said {
    int64_t at_ms = 0;  ///< since the begin of the test
    uint32_t byte = 0;  ///< place of its first byte
    uint32_t length = 0;
    uint32_t acks = 0;  ///< bytes of the peer that it acknowledges
    uint8_t flags = kTcpAck;
    uint16_t window = 65535;
  };

  explicit TcpTalk(uint32_t isn = 1000, ShardOptions options = {.max_flows = 100})
      : isn_(isn), table_(options) {}

  void open(int64_t syn_ms = 0, int64_t synack_ms = 0, int64_t ack_ms = 0) {
    client({.at_ms = syn_ms, .byte = kSynByte, .acks = kSynByte, .flags = kTcpSyn});
    server({.at_ms = synack_ms, .byte = kSynByte, .flags = kSynAck});
    client({.at_ms = ack_ms});
  }
  void client(const Said& said) { table_.client(talk_, sent(said)); }
  void server(const Said& said) { table_.server(talk_, sent(said)); }

  ShardFixture& table() { return table_; }
  FlowShard& shard() { return table_.shard(); }

  /// Ends everything; the record of the only flow.
  TcpQuality quality() {
    const auto& records = table_.finish();
    REQUIRE(records.size() == 1);
    return records[0].tcp;
  }

  static constexpr uint32_t kSynByte = 0xFFFFFFFFU;  ///< the place before byte 0

 private:
  Sent sent(const Said& said) const {
    return {.ts_ns = kStart + said.at_ms * kMs,
            .payload_len = said.length,
            .tcp_flags = said.flags,
            .seq = isn_ + 1 + said.byte,
            .ack = isn_ + 1 + said.acks,
            .window = said.window};
  }

  uint32_t isn_;  ///< of both sides
  Conversation talk_ = conversation(1);
  ShardFixture table_;
};

}  // namespace pktana::flow
