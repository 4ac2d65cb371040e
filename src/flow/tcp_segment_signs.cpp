// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_segment_signs.h"

#include "flow/sequence.h"
#include "flow/tcp_tracker.h"

namespace pktana::flow {
namespace {

constexpr uint32_t kFastRetransmitUs = 20'000;
constexpr uint8_t kFastRetransmitAcks = 2;  ///< one may be missing from the capture
constexpr uint8_t kNotPlain = kTcpSyn | kTcpFin | kTcpRst;

constexpr bool has(uint16_t flags, uint16_t bit) noexcept { return (flags & bit) != 0; }

bool is_probe(const JudgedSegment& segment, const TcpHalf& own, const TcpHalf& other) noexcept {
  return segment.payload_len == 1 && has(own.flags, kSeqKnown) && segment.seq == own.next_seq &&
         has(other.flags, kWindowKnown) && other.window == 0;
}

bool is_keep_alive(const JudgedSegment& segment, const TcpHalf& own) noexcept {
  return segment.payload_len <= 1 && has(own.flags, kSeqKnown) && segment.seq == own.next_seq - 1 &&
         !has(segment.flags, kNotPlain);
}

bool is_duplicate_ack(const JudgedSegment& segment, const TcpHalf& own,
                      const TcpHalf& other) noexcept {
  constexpr uint16_t kAllKnown = kSeqKnown | kAckKnown | kWindowKnown;
  if (segment.payload_len != 0 || segment.window == 0 || has(segment.flags, kNotPlain))
    return false;
  if ((own.flags & kAllKnown) != kAllKnown || !has(segment.flags, kTcpAck)) return false;
  const bool repeats =
      segment.window == own.window && segment.seq == own.next_seq && segment.ack == own.last_ack;
  return repeats && !has(other.flags, kLastKeepAlive);  // else it answers the keep-alive
}

}  // namespace

SegmentSigns signs_of(const JudgedSegment& segment, const TcpHalf& own,
                      const TcpHalf& other) noexcept {
  if (is_probe(segment, own, other)) return kSignProbe;
  SegmentSigns signs = 0;
  if (segment.window == 0 && !has(segment.flags, kNotPlain)) signs |= kSignZeroWindow;
  if (is_duplicate_ack(segment, own, other)) return signs | kSignDuplicateAck;
  if (!has(own.flags, kSeqKnown) || segment.seq == own.next_seq) [[likely]]
    return signs;
  if (seq_before(own.next_seq, segment.seq))
    return has(segment.flags, kTcpRst) ? signs : signs | kSignGap;
  if (is_keep_alive(segment, own)) return signs | kSignKeepAlive;
  if (segment.payload_len > 0 || has(segment.flags, kTcpSyn | kTcpFin)) signs |= kSignRepeat;
  return signs;
}

SegmentSigns signs_of_repeat(const JudgedSegment& segment, const TcpHalf& own, const TcpHalf& other,
                             const RepeatContext& context) noexcept {
  const uint32_t data_end = segment.seq + segment.payload_len;
  const uint32_t end = data_end + (has(segment.flags, kTcpSyn | kTcpFin) ? 1 : 0);
  const bool acked = has(other.flags, kAckKnown) && seq_at_or_before(data_end, other.last_ack);
  if (segment.payload_len > 0 && acked) return kSignRetransmit | kSignSpurious;
  // New data that begins with the byte of a keep-alive or a window probe.
  if (segment.payload_len > 1 && segment.seq == own.next_seq - 1) return 0;
  const bool asked_for = context.peer_duplicate_run >= kFastRetransmitAcks &&
                         other.last_ack == segment.seq &&
                         elapsed_us(context.peer_acked_us, segment.now_us) < kFastRetransmitUs;
  if (asked_for) return kSignRetransmit | kSignFast;
  const bool soon = elapsed_us(own.next_us, segment.now_us) < context.reorder_us;
  if (soon && end != own.next_seq) return kSignOutOfOrder;
  return kSignRetransmit;
}

}  // namespace pktana::flow
