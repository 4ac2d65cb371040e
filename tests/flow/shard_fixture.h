// SPDX-License-Identifier: Apache-2.0
// A flow table with a collector behind it, and the usual talk of TCP, for the tests of flow_shard.
#pragma once

#include <vector>

#include "flow/flow_shard.h"
#include "support/catch.h"
#include "support/flow_packets.h"
#include "support/record_collector.h"

namespace pktana::flow {

using support::Conversation;
using support::conversation;
using support::conversation6;
using support::kSecond;
using support::kStart;
using support::Sent;

inline constexpr uint8_t kFinAck = kTcpFin | kTcpAck;
inline constexpr uint8_t kSynAck = kTcpSyn | kTcpAck;

class ShardFixture {
 public:
  explicit ShardFixture(ShardOptions options = {.max_flows = 1000}) : shard_(make(options)) {}

  FlowShard& shard() { return shard_; }

  void client(const Conversation& talk, const Sent& sent) {
    shard_.update(support::from_client(talk, sent));
  }
  void server(const Conversation& talk, const Sent& sent) {
    shard_.update(support::from_server(talk, sent));
  }

  /// SYN, SYN/ACK, ACK, all at `ts_ns`.
  void open(const Conversation& talk, int64_t ts_ns, uint32_t isn = 1000) {
    client(talk, {.ts_ns = ts_ns, .tcp_flags = kTcpSyn, .seq = isn});
    server(talk, {.ts_ns = ts_ns, .tcp_flags = kSynAck, .seq = 5000, .ack = isn + 1});
    client(talk, {.ts_ns = ts_ns, .tcp_flags = kTcpAck, .seq = isn + 1, .ack = 5001});
  }

  /// FIN both ways and the last ACK, on a connection that has sent no data.
  void close(const Conversation& talk, int64_t ts_ns, uint32_t isn = 1000) {
    client(talk, {.ts_ns = ts_ns, .tcp_flags = kFinAck, .seq = isn + 1, .ack = 5001});
    server(talk, {.ts_ns = ts_ns, .tcp_flags = kFinAck, .seq = 5001, .ack = isn + 2});
    client(talk, {.ts_ns = ts_ns, .tcp_flags = kTcpAck, .seq = isn + 2, .ack = 5002});
  }

  /// Moves the clock and covers the whole table.
  void pass_time(int64_t now_ns) {
    shard_.sweep(~0U);
    shard_.advance(now_ns);
    shard_.sweep(~0U);
    shard_.flush();
  }

  /// The records so far, without ending anything.
  const std::vector<FlowRecord>& records() {
    shard_.flush();
    return collector_.records();
  }

  /// Ends all flows; the records of the whole run.
  const std::vector<FlowRecord>& finish() {
    shard_.end_all();
    return collector_.records();
  }

  [[nodiscard]] const support::RecordCollector& collector() const { return collector_; }

 private:
  FlowShard make(ShardOptions options) {
    options.secret = support::test_secret();
    auto shard = FlowShard::create(options, collector_);
    REQUIRE(shard);
    return std::move(*shard);
  }

  support::RecordCollector collector_;
  FlowShard shard_;
};

}  // namespace pktana::flow
