// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_quality_tracker.h"

#include <algorithm>

#include "base/clock.h"
#include "flow/round_trips.h"
#include "flow/sequence.h"
#include "flow/tcp_in_order.h"
#include "flow/tcp_tracker.h"

namespace pktana::flow {
namespace {

constexpr uint32_t kFewestAnomalies = 1024;
constexpr uint32_t kFlowsPerAnomaly = 4;
/// Wireshark's, where the handshake does not say how long a round trip takes.
constexpr uint32_t kReorderUs = 3000;
constexpr uint8_t kLongestRun = 255;

constexpr bool has(uint16_t flags, uint16_t bit) noexcept { return (flags & bit) != 0; }

void drop(uint16_t& flags, uint16_t bits) noexcept { flags = static_cast<uint16_t>(flags & ~bits); }

uint32_t reorder_us(const FlowView& flow) noexcept {
  const HotEntry& hot = flow.hot;
  if (!hot.ack_leg_known || !hot.handshake_known || flow.tail.handshake_us == 0) return kReorderUs;
  return hot.syn_leg_known ? flow.tail.handshake_us : flow.tail.synack_to_ack_us;
}

/// Behind the last number that the segment takes.
uint32_t end_of(const JudgedSegment& segment) noexcept {
  return segment.seq + segment.payload_len + (has(segment.flags, kTcpSyn | kTcpFin) ? 1 : 0);
}

/// The segment may begin a sample, or spoil the one that runs: what was sent again or waits for
/// something missing is acknowledged late, or for its other copy (Karn).
void time_data(const JudgedSegment& segment, SegmentSigns signs, TcpHalf& own) noexcept {
  constexpr SegmentSigns kSpoils = kSignRetransmit | kSignOutOfOrder | kSignGap;
  if ((signs & kSpoils) != 0) [[unlikely]] {
    const uint32_t end = end_of(segment);
    own.timed_end = seq_before(own.next_seq, end) ? end : own.next_seq;
    own.flags |= kTimed | kTimedVoid;
    return;
  }
  const bool fresh = segment.payload_len > 0 && (signs & (kSignKeepAlive | kSignProbe)) == 0;
  if (!fresh || has(segment.flags, kTcpSyn | kTcpRst)) return;
  begin_sample(own, segment.seq + segment.payload_len, segment.now_us);
}

}  // namespace

uint32_t TcpQualityTracker::anomalies_for(uint32_t max_flows) noexcept {
  return std::max(max_flows / kFlowsPerAnomaly, std::min(max_flows, kFewestAnomalies));
}

base::Result<TcpQualityTracker> TcpQualityTracker::create(uint32_t anomalies) {
  auto pool = BlockPool<AnomalyBlock>::create(anomalies);
  if (!pool) return base::Unexpected(pool.error());
  return TcpQualityTracker(std::move(*pool));
}

void TcpQualityTracker::on_segment(const FlowRef& flow, const FlowPacket& packet,
                                   Direction side) noexcept {
  // A late packet does not turn the flow's time back.
  const int64_t before_us = flow.hot.last_ns / base::kNsPerUs;
  const int64_t now_us = std::max(flow.hot.last_ns, packet.ts_ns) / base::kNsPerUs;
  if (now_us >> kAgeShift != before_us >> kAgeShift) [[unlikely]]
    age(flow, before_us, now_us);
  if (packet.fragment) [[unlikely]]
    return;
  if (has(packet.tcp_flags, kTcpSyn) && flow.tcp.side[side].options == 0) [[unlikely]] {
    flow.tcp.side[side].options = packet.syn.packed();
    flow.tail.opening[side] = packet.syn.mss;
  }
  if (!flow.hot.quality_begun) [[unlikely]] {
    if (!begins_with(flow, packet, side)) return note_opening(flow, packet, side);
    begin(flow, packet, side);
  }
  judge(flow, side,
        {.seq = packet.tcp_seq,
         .ack = packet.tcp_ack,
         .payload_len = packet.payload_len,
         .now_us = static_cast<uint32_t>(now_us),
         .window = packet.tcp_window,
         .flags = packet.tcp_flags});
}

void TcpQualityTracker::judge(const FlowRef& flow, Direction side,
                              const JudgedSegment& segment) noexcept {
  TcpHalf& own = flow.tcp.side[side];
  const Direction other = opposite(side);
  SegmentSigns signs = signs_of(segment, own, flow.tcp.side[other]);
  if ((signs & kSignRepeat) != 0) [[unlikely]]
    signs = static_cast<SegmentSigns>((signs & ~kSignRepeat) | judge_repeat(flow, side, segment));
  if ((signs & kSignsCounted) != 0) [[unlikely]]
    count(flow, side, segment, signs);
  if (has(own.flags, kWindowClosed) || (signs & kSignZeroWindow) != 0) [[unlikely]]
    track_window(flow, side, segment, signs);
  const bool acks = has(segment.flags, kTcpAck);
  if (acks && ends_sample(flow.tcp.side[other], segment.ack))
    end_sample(flow, other, segment.now_us);
  time_data(segment, signs, own);
  if (segment.payload_len > 0 && !flow.hot.response_known)
    time_response(flow, side, segment.now_us);
  move_on(flow, side, segment, signs);
}

SegmentSigns TcpQualityTracker::judge_repeat(const FlowRef& flow, Direction side,
                                             const JudgedSegment& segment) const noexcept {
  const TcpHalf& other = flow.tcp.side[opposite(side)];
  RepeatContext context{.reorder_us = reorder_us(flow)};
  const AnomalyBlock* const anomalies = anomalies_of(flow);
  if (anomalies != nullptr && has(other.flags, kRepeatsAcks)) {
    const AnomalySide& peer = anomalies->side[opposite(side)];
    context.peer_acked_us = peer.acked_us;
    context.peer_duplicate_run = peer.duplicate_run;
  }
  return signs_of_repeat(segment, flow.tcp.side[side], other, context);
}

/// The side's state behind the segment.
void TcpQualityTracker::move_on(const FlowRef& flow, Direction side, const JudgedSegment& segment,
                                SegmentSigns signs) noexcept {
  TcpHalf& own = flow.tcp.side[side];
  if (has(own.flags, kRepeatsAcks) || (signs & kSignDuplicateAck) != 0) [[unlikely]]
    repeat_acks(flow, side, segment, signs);
  if (has(segment.flags, kTcpAck)) {
    own.last_ack = segment.ack;
    own.flags |= kAckKnown;
  }
  const uint32_t end = end_of(segment);
  const bool advances = !has(own.flags, kSeqKnown) || seq_before(own.next_seq, end);
  if (advances && (signs & kSignProbe) == 0 && !has(segment.flags, kTcpRst)) {
    own.next_seq = end;
    own.next_us = segment.now_us;
    own.flags |= kSeqKnown;
  }
  own.window = segment.window;
  own.flags |= kWindowKnown;
  drop(own.flags, kLastKeepAlive);
  if ((signs & kSignKeepAlive) != 0) own.flags |= kLastKeepAlive;
}

void TcpQualityTracker::repeat_acks(const FlowRef& flow, Direction side,
                                    const JudgedSegment& segment, SegmentSigns signs) noexcept {
  AnomalyBlock* const anomalies = anomalies_of(flow);
  if (anomalies == nullptr) return;
  AnomalySide& counts = anomalies->side[side];
  TcpHalf& own = flow.tcp.side[side];
  if ((signs & kSignDuplicateAck) != 0 && counts.duplicate_run < kLongestRun)
    ++counts.duplicate_run;
  if (has(segment.flags, kTcpAck) && segment.ack != own.last_ack) counts.duplicate_run = 0;
  counts.acked_us = segment.now_us;
  drop(own.flags, kRepeatsAcks);
  if (counts.duplicate_run > 0) own.flags |= kRepeatsAcks;
}

void TcpQualityTracker::age(const FlowRef& flow, int64_t before_us, int64_t now_us) noexcept {
  if (!flow.hot.quality_begun) return;
  const auto before = static_cast<uint32_t>(before_us);
  const uint64_t passed_us = static_cast<uint64_t>(now_us) - static_cast<uint64_t>(before_us);
  const auto clamp = [&](uint32_t& time_us) {
    if (elapsed_us(time_us, before) + passed_us > kOldestUs)
      time_us = static_cast<uint32_t>(now_us) - kOldestUs;
  };
  AnomalyBlock* const anomalies = anomalies_of(flow);
  for (const Direction side : {kToServer, kToClient}) {
    TcpHalf& own = flow.tcp.side[side];
    clamp(own.next_us);
    clamp(own.timed_us);
    if (anomalies == nullptr) continue;
    AnomalySide& counts = anomalies->side[side];
    clamp(counts.acked_us);
    if (!has(own.flags, kWindowClosed)) continue;
    counts.zero_window_us += elapsed_us(counts.closed_us, before) + passed_us;
    counts.closed_us = static_cast<uint32_t>(now_us);
  }
  if (!flow.hot.response_known) clamp(flow.tail.response_us);
}

AnomalyBlock* TcpQualityTracker::anomalies_of(const FlowView& flow) noexcept {
  const LongBlock* const block = flow.long_block();
  return block == nullptr || block->anomalies == kNoBlock ? nullptr
                                                          : &anomalies_.at(block->anomalies);
}

const AnomalyBlock* TcpQualityTracker::anomalies_of(const FlowView& flow) const noexcept {
  const LongBlock* const block = flow.long_block();
  return block == nullptr || block->anomalies == kNoBlock ? nullptr
                                                          : &anomalies_.at(block->anomalies);
}

AnomalyBlock* TcpQualityTracker::take_anomalies(const FlowRef& flow) noexcept {
  if (AnomalyBlock* const anomalies = anomalies_of(flow); anomalies != nullptr) return anomalies;
  // What came before a block that might be there by now is not known.
  if (flow.hot.quality_incomplete) return nullptr;
  const BlockHandle handle = anomalies_.take();
  if (handle == kNoBlock) {
    flow.hot.quality_incomplete = true;
    ++refused_;
    return nullptr;
  }
  flow.long_block().anomalies = handle;
  return &anomalies_.at(handle);
}

void TcpQualityTracker::count(const FlowRef& flow, Direction side, const JudgedSegment& segment,
                              SegmentSigns signs) noexcept {
  AnomalyBlock* const anomalies = take_anomalies(flow);
  if (anomalies == nullptr) return;
  AnomalySide& counts = anomalies->side[side];
  const auto add = [signs](uint32_t& counter, SegmentSigns sign) {
    counter += (signs & sign) != 0 ? 1 : 0;
  };
  add(counts.retransmits, kSignRetransmit);
  add(counts.fast_retransmits, kSignFast);
  add(counts.spurious_retransmits, kSignSpurious);
  add(counts.keep_alives, kSignKeepAlive);
  add(counts.out_of_order, kSignOutOfOrder);
  add(counts.duplicate_acks, kSignDuplicateAck);
  add(counts.zero_windows, kSignZeroWindow);
  const uint32_t next = flow.tcp.side[side].next_seq;
  if ((signs & kSignGap) != 0) counts.gaps.open(next, segment.seq);
  if ((signs & (kSignRetransmit | kSignOutOfOrder)) != 0)
    counts.gaps.fill(segment.seq, end_of(segment));
}

void TcpQualityTracker::track_window(const FlowRef& flow, Direction side,
                                     const JudgedSegment& segment, SegmentSigns signs) noexcept {
  AnomalyBlock* const anomalies = anomalies_of(flow);
  if (anomalies == nullptr) return;
  TcpHalf& own = flow.tcp.side[side];
  AnomalySide& closed = anomalies->side[side];
  if (has(own.flags, kWindowClosed)) {
    closed.zero_window_us += elapsed_us(closed.closed_us, segment.now_us);
    closed.closed_us = segment.now_us;
    if (segment.window > 0) drop(own.flags, kWindowClosed);
  } else if ((signs & kSignZeroWindow) != 0) {
    closed.closed_us = segment.now_us;
    own.flags |= kWindowClosed;
  }
}

void TcpQualityTracker::restart(const FlowRef& flow) noexcept {
  HotEntry& hot = flow.hot;
  if (!hot.quality_begun) {
    for (TcpHalf& side : flow.tcp.side)
      side.window = 0;  // SYNs sent again
    return;
  }
  forget_round_trips(flow);
  hot.handshake_known = hot.ack_leg_known = hot.syn_leg_known = hot.response_known = false;
  drop(flow.tcp.side[kToServer].flags, kRequestSeen);
  AnomalyBlock* const anomalies = anomalies_of(flow);
  if (anomalies == nullptr) return;
  for (AnomalySide& side : anomalies->side)
    side = AnomalySide{.closed_us = side.closed_us,
                       .acked_us = side.acked_us,
                       .duplicate_run = side.duplicate_run,
                       .gaps = {}};
}

void TcpQualityTracker::release(const FlowRef& flow) noexcept {
  LongBlock* const block = flow.long_block_if_any();
  if (block == nullptr || block->anomalies == kNoBlock) return;
  anomalies_.give_back(block->anomalies);
  block->anomalies = kNoBlock;
}

}  // namespace pktana::flow
