// SPDX-License-Identifier: Apache-2.0
// TcpQualityTracker before a flow has a block: what the first segments say is kept in the flow's
// own entries, and the block is made from it.
#include "base/clock.h"
#include "flow/sequence.h"
#include "flow/tcp_quality_tracker.h"
#include "flow/tcp_tracker.h"

namespace pktana::flow {
namespace {

constexpr uint8_t kMostSynRepeats = 127;

constexpr bool has(uint8_t flags, uint8_t bit) noexcept { return (flags & bit) != 0; }

/// What the entries know of a side that has sent at most one segment, or SYNs only.
SideSequence side_from(const FlowEntry& entry, const ColdEntry& cold, Direction side,
                       uint32_t when_us) noexcept {
  const HotEntry& hot = entry.hot;
  const TransportEntry& transport = entry.transport;
  SideSequence made{};
  made.next_us = made.ack_us = when_us;
  const uint8_t flags = hot.tcp_flags[side];
  const bool syn = has(flags, kTcpSyn) && transport.isn_known[side];
  const bool mid_stream = !transport.isn_known[side] && !has(flags, kTcpRst);
  if (hot.packets[side] == 0 || (!syn && !mid_stream)) return made;
  // Of several SYNs the payload has been summed up.
  const bool one = hot.packets[side] == 1;
  const auto payload = one ? static_cast<uint32_t>(transport.payload_bytes[side]) : 0;
  made.next_seq = transport.isn[side] + payload + (has(flags, kTcpSyn | kTcpFin) ? 1 : 0);
  made.last_ack = transport.highest_ack[side];
  made.flags = kSeqKnown;
  if (!syn) {
    made.window = cold.opening.mss_or_window[side];
    made.flags |= kWindowKnown;
  }
  if (transport.ack_known[side]) made.flags |= kAckKnown;
  if (payload > 0 && side == kToServer) made.flags |= kRequestSeen;
  if (payload == 0 || syn) return made;
  made.flags |= kTimed;
  made.timed_end = made.next_seq;
  made.timed_us = when_us;
  return made;
}

int64_t us_of(int64_t ts_ns) noexcept { return ts_ns / base::kNsPerUs; }

uint32_t span_us(int64_t from_us, int64_t to_us) noexcept {
  const bool sound = to_us >= from_us && to_us - from_us < int64_t{kUnknownUs};
  return sound ? static_cast<uint32_t>(to_us - from_us) : kUnknownUs;
}

/// Whether the segment is the ACK that ends a handshake of which all is known.
bool ends_handshake(const FlowEntry& entry, const ColdEntry& cold, const FlowPacket& packet,
                    Direction side) noexcept {
  const auto& flags = entry.hot.tcp_flags;
  const bool seen = cold.initiator_basis == InitiatorBasis::Syn && cold.continuation == 0 &&
                    has(flags[kToServer], kTcpSyn) && has(flags[kToClient], kTcpSyn);
  return seen && side == kToServer && has(packet.tcp_flags, kTcpAck) &&
         packet.tcp_ack - 1 == entry.transport.isn[kToClient];
}

/// What was sent twice begins no round trip (Karn); the whole counts from the first SYN on.
void time_handshake(const FlowEntry& entry, const ColdEntry& cold, int64_t now_us,
                    QualityBlock& block) noexcept {
  const int64_t syn_us = us_of(cold.first_ns);
  const int64_t synack_us = us_of(entry.hot.last_ns);
  block.handshake_us = span_us(syn_us, now_us);
  if (entry.hot.packets[kToClient] != 1 || cold.opening.syn_repeats[kToClient].sent_last == 0)
    return;
  block.synack_to_ack_us = span_us(synack_us, now_us);
  if (entry.hot.packets[kToServer] == 1) block.syn_to_synack_us = span_us(syn_us, synack_us);
}

}  // namespace

bool TcpQualityTracker::needs_block(const FlowEntry& entry, const FlowPacket& packet,
                                    Direction side) noexcept {
  if (has(packet.tcp_flags, kTcpSyn | kTcpRst)) return false;
  const auto& packets = entry.hot.packets;
  const auto& payload = entry.transport.payload_bytes;
  const uint64_t before = uint64_t{packets[0]} + packets[1];
  const bool data = (payload[0] + payload[1] + packet.payload_len) > 0;
  return packets[side] > 0 || before >= 2 || (before == 1 && data);
}

void TcpQualityTracker::note_opening(FlowEntry& entry, ColdEntry& cold, const FlowPacket& packet,
                                     Direction side) noexcept {
  TransportEntry& transport = entry.transport;
  const bool syn = has(packet.tcp_flags, kTcpSyn);
  for (const Direction one : {kToServer, kToClient})
    cold.opening.syn_repeats[one].sent_last = one == side ? 1 : 0;
  if (entry.hot.packets[side] == 0 && !has(packet.tcp_flags, kTcpRst)) {
    if (syn || transport.isn_known[side]) return;
    cold.opening.mss_or_window[side] = packet.tcp_window;
    transport.isn[side] = packet.tcp_seq;
    return;
  }
  const bool again =
      syn && transport.isn_known[side] && seq_at_or_before(packet.tcp_seq, transport.isn[side]);
  SynRepeats& repeats = cold.opening.syn_repeats[side];
  if (again && repeats.count < kMostSynRepeats) repeats.count = (repeats.count + 1) & 0x7F;
}

void TcpQualityTracker::begin(FlowEntry& entry, const ColdEntry& cold, const FlowPacket& packet,
                              Direction side) noexcept {
  const BlockHandle handle = blocks_.take();
  if (handle == kNoBlock) {
    ++refused_;
    entry.transport.quality = kRefused;
    return;
  }
  entry.transport.quality = handle;
  QualityBlock& block = blocks_.at(handle);
  const int64_t first_us = us_of(cold.first_ns);
  block.now_us = us_of(entry.hot.last_ns);
  const bool began_with_syn = has(entry.hot.tcp_flags[kToServer], kTcpSyn);
  for (const Direction one : {kToServer, kToClient}) {
    const int64_t when_us = began_with_syn && one == kToServer ? first_us : block.now_us;
    block.side[one] = side_from(entry, cold, one, static_cast<uint32_t>(when_us));
  }
  block.request_us = block.side[kToServer].next_us;
  if (ends_handshake(entry, cold, packet, side))
    time_handshake(entry, cold, us_of(packet.ts_ns), block);
}

}  // namespace pktana::flow
