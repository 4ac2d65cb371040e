// SPDX-License-Identifier: Apache-2.0
// The segment that nearly every one is: in order, acknowledging what is there, on an open
// connection. TcpQualityTracker, track_ends() and track() would all say the same of it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"
#include "flow/conn_state.h"
#include "flow/flow_packet.h"
#include "flow/tcp_timing.h"

namespace pktana::flow {

/// Times are looked at anew when the clock passes a multiple of 2^29 us (9 minutes).
inline constexpr int kAgeShift = 29;

/// Whether the segment is one that take_in_order() may take.
[[nodiscard]] inline bool is_in_order(const FlowView& flow, const FlowPacket& packet,
                                      Direction side) noexcept {
  const TcpHalf& own = flow.tcp.side[side];
  const TcpHalf& peer = flow.tcp.side[opposite(side)];
  constexpr uint16_t kAtRest = kSeqKnown | kAckKnown | kWindowKnown | kHighestAckKnown;
  constexpr uint16_t kPeerAtRest = kSeqKnown | kWindowKnown;
  constexpr uint16_t kUnusual = kWindowClosed | kRepeatsAcks | kHoleOpen | kFinKnown;
  constexpr uint8_t kNotPlain = kTcpSyn | kTcpFin | kTcpRst;
  if ((packet.tcp_flags & (kNotPlain | kTcpAck)) != kTcpAck || packet.fragment) return false;
  if (flow.hot.tcp_state != TcpState::Established || packet.tcp_seq != own.next_seq) return false;
  if ((own.flags & (kAtRest | kUnusual)) != kAtRest) return false;
  if ((peer.flags & (kPeerAtRest | kHoleOpen)) != kPeerAtRest) return false;
  if (own.end.now != EndState::Established || peer.end.now != EndState::Established) return false;
  if (((own.apart | peer.apart) & (kNextApart | kHighestAckApart)) != 0) return false;
  const uint8_t letter = packet.payload_len > 0 ? kSeenData : kSeenAck;
  if ((own.history_seen & (letter | kSeenRst)) != letter) return false;
  if (packet.tcp_window == 0 || peer.window == 0) return false;
  if (seq_before(packet.tcp_ack, own.last_ack) || seq_before(peer.next_seq, packet.tcp_ack))
    return false;
  const bool duplicate =
      packet.payload_len == 0 && packet.tcp_ack == own.last_ack && packet.tcp_window == own.window;
  return !duplicate && packet.payload_len < (1U << 30);
}

/// Takes the segment in, before it is counted in the flow's entries. False: it is none of these,
/// and nothing has been changed.
[[nodiscard]] inline bool take_in_order(const FlowRef& flow, const FlowPacket& packet,
                                        Direction side) noexcept {
  if (!is_in_order(flow, packet, side)) return false;
  const int64_t before_us = flow.hot.last_ns / base::kNsPerUs;
  const int64_t latest_us = std::max(flow.hot.last_ns, packet.ts_ns) / base::kNsPerUs;
  if (latest_us >> kAgeShift != before_us >> kAgeShift) [[unlikely]]
    return false;
  const auto now_us = static_cast<uint32_t>(latest_us);
  TcpHalf& own = flow.tcp.side[side];
  const Direction other = opposite(side);
  if (ends_sample(flow.tcp.side[other], packet.tcp_ack)) end_sample(flow, other, now_us);
  own.last_ack = packet.tcp_ack;
  own.window = packet.tcp_window;
  own.flags = static_cast<uint16_t>(own.flags & ~kLastKeepAlive);
  flow.hot.tcp_flags[side] |= packet.tcp_flags;
  if (packet.payload_len == 0) return true;
  const uint32_t end = packet.tcp_seq + packet.payload_len;
  begin_sample(own, end, now_us);
  if (!flow.hot.response_known) time_response(flow, side, now_us);
  own.next_seq = end;
  own.next_us = now_us;
  return true;
}

}  // namespace pktana::flow
