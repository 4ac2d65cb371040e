// SPDX-License-Identifier: Apache-2.0
// One connection counted as a shard counts, on memory of its own.
#pragma once

#include <algorithm>
#include <utility>

#include "flow/one_flow.h"
#include "flow/shard_fixture.h"
#include "flow/tcp_in_order.h"

namespace pktana::flow {

class CountedConnection {
 public:
  CountedConnection() { memory_.ref().tail.first_ns = kStart; }

  CountedConnection& send(Direction side, const Sent& sent) {
    const Conversation talk = conversation(1);
    return count(
        side == kToServer ? support::from_client(talk, sent) : support::from_server(talk, sent),
        side);
  }
  CountedConnection& open() {
    send(kToServer, {.tcp_flags = kTcpSyn, .seq = 1000});
    send(kToClient, {.tcp_flags = kSynAck, .seq = 5000, .ack = 1001});
    return send(kToServer, {.tcp_flags = kTcpAck, .seq = 1001, .ack = 5001});
  }

  /// Goes the long way for every segment.
  CountedConnection& count(const FlowPacket& packet, Direction side) {
    const FlowRef flow = memory_.ref();
    TcpNumbersRef numbers(flow);
    quality_.on_segment(flow, packet, side);
    add(packet, side);
    const TcpSegment segment{.seq = packet.tcp_seq,
                             .ack = packet.tcp_ack,
                             .payload_len = packet.payload_len,
                             .window = packet.tcp_window,
                             .flags = packet.tcp_flags,
                             .direction = side};
    flow.hot.tcp_flags[side] |= packet.tcp_flags;
    track_ends(segment, numbers);
    flow.hot.tcp_state = track(flow.hot.tcp_state, segment, numbers);
    numbers.pack();
    return *this;
  }
  /// Goes the short way where there is one. Returns whether there was.
  bool count_shortly(const FlowPacket& packet, Direction side) {
    if (!take_in_order(memory_.ref(), packet, side)) {
      count(packet, side);
      return false;
    }
    add(packet, side);
    return true;
  }

  [[nodiscard]] uint32_t long_blocks() const { return memory_.pools().longs.taken(); }
  [[nodiscard]] uint32_t odd_blocks() const { return memory_.pools().odd.taken(); }
  [[nodiscard]] TcpNumbers numbers() const { return TcpNumbers(memory_.view()); }
  [[nodiscard]] OneFlow& memory() { return memory_; }
  [[nodiscard]] TcpQuality quality() const {
    TcpQuality made;
    quality_.report(memory_.view(), made);
    return made;
  }

 private:
  static TcpQualityTracker make_tracker() {
    auto made = TcpQualityTracker::create(1);
    REQUIRE(made);
    return std::move(*made);
  }

  void add(const FlowPacket& packet, Direction side) {
    const FlowRef flow = memory_.ref();
    flow.count(side, 1, packet.payload_len, {.header = 40, .link = 14});
    flow.hot.last_ns = std::max(flow.hot.last_ns, packet.ts_ns);
  }

  OneFlow memory_;
  TcpQualityTracker quality_ = make_tracker();
};

}  // namespace pktana::flow
