// SPDX-License-Identifier: Apache-2.0
// TcpQualityTracker before it begins: what the first segments say is kept in the flow's entries,
// and its own numbers are made from that.
#include <algorithm>

#include "base/clock.h"
#include "flow/sequence.h"
#include "flow/tcp_quality_tracker.h"
#include "flow/tcp_tracker.h"

namespace pktana::flow {
namespace {

constexpr uint16_t kMostSynRepeats = 127;

constexpr bool has(uint16_t flags, uint16_t bit) noexcept { return (flags & bit) != 0; }

/// Makes the side's numbers from what is known of one that has sent at most one segment, or SYNs
/// only.
void begin_side(const FlowRef& flow, Direction side, uint32_t when_us) noexcept {
  TcpHalf& own = flow.tcp.side[side];
  const uint64_t packets = flow.view().packets(side);
  own.next_us = when_us;
  own.window = 0;
  const uint8_t flags = flow.hot.tcp_flags[side];
  const bool syn = has(flags, kTcpSyn) && has(own.flags, kIsnKnown);
  const bool mid_stream = !has(own.flags, kIsnKnown) && !has(flags, kTcpRst);
  if (packets == 0 || (!syn && !mid_stream)) return;
  // Of several SYNs the payload has been summed up.
  const uint32_t payload = packets == 1 ? flow.hot.payload_bytes[side] : 0;
  own.next_seq = flow.tail.isn[side] + payload + (has(flags, kTcpSyn | kTcpFin) ? 1 : 0);
  own.flags |= kSeqKnown;
  if (!syn) {
    own.window = flow.tail.opening[side];
    own.flags |= kWindowKnown;
  }
  if (has(own.flags, kHighestAckKnown)) own.flags |= kAckKnown;
  if (payload > 0 && side == kToServer) own.flags |= kRequestSeen;
  if (payload == 0 || syn) return;
  own.flags |= kTimed;
  own.timed_end = own.next_seq;
  own.timed_us = when_us;
}

int64_t us_of(int64_t ts_ns) noexcept { return ts_ns / base::kNsPerUs; }

/// @return whether the time makes sense.
bool set_span(int64_t from_us, int64_t to_us, uint32_t& span_us) noexcept {
  const bool sound = to_us >= from_us && to_us - from_us < int64_t{kUnknownUs};
  if (sound) span_us = static_cast<uint32_t>(to_us - from_us);
  return sound;
}

/// Whether the segment is the ACK that ends a handshake of which all is known.
bool ends_handshake(const FlowView& flow, const FlowPacket& packet, Direction side) noexcept {
  const auto& flags = flow.hot.tcp_flags;
  const bool by_syn = static_cast<InitiatorBasis>(flow.hot.basis) == InitiatorBasis::Syn;
  const bool seen = by_syn && has(flags[kToServer], kTcpSyn) && has(flags[kToClient], kTcpSyn) &&
                    flow.continuation() == 0;
  return seen && side == kToServer && has(packet.tcp_flags, kTcpAck) &&
         packet.tcp_ack - 1 == flow.tail.isn[kToClient];
}

/// What was sent twice begins no round trip (Karn); the whole counts from the first SYN on.
void time_handshake(const FlowRef& flow, int64_t now_us) noexcept {
  HotEntry& hot = flow.hot;
  const int64_t synack_us = us_of(hot.last_ns);
  hot.handshake_known = set_span(us_of(flow.tail.first_ns), now_us, flow.tail.handshake_us);
  const bool answered_last = has(flow.tcp.side[kToClient].flags, kSentLast);
  if (flow.view().packets(kToClient) != 1 || !answered_last) return;
  hot.ack_leg_known = set_span(synack_us, now_us, flow.tail.synack_to_ack_us);
  hot.syn_leg_known =
      hot.handshake_known && hot.ack_leg_known && flow.view().packets(kToServer) == 1;
}

}  // namespace

bool TcpQualityTracker::begins_with(const FlowView& flow, const FlowPacket& packet,
                                    Direction side) noexcept {
  if (has(packet.tcp_flags, kTcpSyn | kTcpRst)) return false;
  const std::array<uint64_t, 2> packets{flow.packets(kToServer), flow.packets(kToClient)};
  const auto& payload = flow.hot.payload_bytes;
  const uint64_t before = packets[0] + packets[1];
  const bool data = (payload[0] + payload[1] + packet.payload_len) > 0;
  return packets[side] > 0 || before >= 2 || (before == 1 && data);
}

void TcpQualityTracker::note_opening(const FlowRef& flow, const FlowPacket& packet,
                                     Direction side) noexcept {
  TcpHalf& own = flow.tcp.side[side];
  const bool syn = has(packet.tcp_flags, kTcpSyn);
  own.flags |= kSentLast;
  flow.tcp.side[opposite(side)].flags &= static_cast<uint16_t>(~kSentLast);
  const bool isn_known = has(own.flags, kIsnKnown);
  if (flow.view().packets(side) == 0 && !has(packet.tcp_flags, kTcpRst)) {
    if (syn || isn_known) return;
    flow.tail.opening[side] = packet.tcp_window;
    // track_ends() sees to the very first one.
    if (own.end.now != EndState::Inactive) TcpNumbersRef(flow).set_isn(side, packet.tcp_seq, false);
    return;
  }
  const bool again = syn && isn_known && seq_at_or_before(packet.tcp_seq, flow.tail.isn[side]);
  if (again && own.window < kMostSynRepeats) ++own.window;
}

void TcpQualityTracker::begin(const FlowRef& flow, const FlowPacket& packet,
                              Direction side) noexcept {
  const int64_t first_us = us_of(flow.tail.first_ns);
  const int64_t last_us = us_of(flow.hot.last_ns);
  const bool began_with_syn = has(flow.hot.tcp_flags[kToServer], kTcpSyn);
  const bool ends = ends_handshake(flow, packet, side);
  flow.hot.quality_begun = true;
  for (const Direction one : {kToServer, kToClient}) {
    const uint16_t syns_again = flow.tcp.side[one].window;
    const int64_t when_us = began_with_syn && one == kToServer ? first_us : last_us;
    begin_side(flow, one, static_cast<uint32_t>(when_us));
    if (syns_again == 0) [[likely]]
      continue;
    if (AnomalyBlock* const anomalies = take_anomalies(flow); anomalies != nullptr)
      anomalies->side[one].retransmits = syns_again;
  }
  flow.tail.response_us = flow.tcp.side[kToServer].next_us;
  if (ends) time_handshake(flow, us_of(packet.ts_ns));
}

}  // namespace pktana::flow
