// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_quality_tracker.h"

#include <algorithm>

#include "base/clock.h"
#include "flow/sequence.h"
#include "flow/tcp_tracker.h"

namespace pktana::flow {
namespace {

constexpr uint32_t kFewestAnomalies = 1024;
constexpr uint32_t kFlowsPerAnomaly = 4;
/// Wireshark's, where the handshake does not say how long a round trip takes.
constexpr uint32_t kReorderUs = 3000;
/// Times are looked at anew when the clock passes a multiple of 2^29 us (9 minutes), and none is
/// kept older than 2^30 us then: differences stay below 2^31.
constexpr int kAgeShift = 29;
constexpr uint32_t kOldestUs = uint32_t{1} << 30;
constexpr uint8_t kLongestRun = 255;

constexpr bool has(uint8_t flags, uint8_t bit) noexcept { return (flags & bit) != 0; }

uint32_t reorder_us(const QualityBlock& block) noexcept {
  if (block.synack_to_ack_us == kUnknownUs || block.handshake_us == 0) return kReorderUs;
  const bool whole = block.syn_to_synack_us != kUnknownUs;
  return whole ? block.handshake_us : block.synack_to_ack_us;
}

/// Behind the last number that the segment takes.
uint32_t end_of(const JudgedSegment& segment) noexcept {
  return segment.seq + segment.payload_len + (has(segment.flags, kTcpSyn | kTcpFin) ? 1 : 0);
}

/// The segment may end a sample of its peer's data.
void take_sample(QualityBlock& block, Direction sender, const JudgedSegment& ack) noexcept {
  SideSequence& timed = block.side[sender];
  if (!has(timed.flags, kTimed) || !has(ack.flags, kTcpAck)) return;
  if (seq_before(ack.ack, timed.timed_end)) return;
  const bool is_void = has(timed.flags, kTimedVoid);
  timed.flags &= static_cast<uint8_t>(~(kTimed | kTimedVoid));
  const uint32_t rtt_us = elapsed_us(timed.timed_us, ack.now_us);
  if (is_void || rtt_us >= kOldestUs) return;
  const bool first = block.rtt_count[sender]++ == 0;
  block.rtt_sum_us[sender] += rtt_us;
  block.rtt_min_us[sender] = first ? rtt_us : std::min(block.rtt_min_us[sender], rtt_us);
  block.rtt_max_us[sender] = std::max(block.rtt_max_us[sender], rtt_us);
}

/// The segment may begin a sample, or spoil the one that runs: what was sent again or waits for
/// something missing is acknowledged late, or for its other copy (Karn).
void time_data(const JudgedSegment& segment, SegmentSigns signs, SideSequence& own) noexcept {
  constexpr SegmentSigns kSpoils = kSignRetransmit | kSignOutOfOrder | kSignGap;
  if ((signs & kSpoils) != 0) {
    const uint32_t end = end_of(segment);
    own.timed_end = seq_before(own.next_seq, end) ? end : own.next_seq;
    own.flags |= kTimed | kTimedVoid;
    return;
  }
  const bool fresh = segment.payload_len > 0 && (signs & (kSignKeepAlive | kSignProbe)) == 0;
  if (!fresh || has(own.flags, kTimed) || has(segment.flags, kTcpSyn | kTcpRst)) return;
  own.timed_end = segment.seq + segment.payload_len;
  own.timed_us = segment.now_us;
  own.flags |= kTimed;
}

void time_response(QualityBlock& block, Direction side, const JudgedSegment& segment) noexcept {
  if (segment.payload_len == 0 || block.first_response_us != kUnknownUs) return;
  SideSequence& client = block.side[kToServer];
  const bool asked = has(client.flags, kRequestSeen);
  if (side == kToServer && !asked) {
    client.flags |= kRequestSeen;
    block.request_us = segment.now_us;
  }
  if (side != kToClient || !asked) return;
  const uint32_t response_us = elapsed_us(block.request_us, segment.now_us);
  if (response_us < kOldestUs) block.first_response_us = response_us;
}

/// The side's state behind the segment.
void move_on(const JudgedSegment& segment, SegmentSigns signs, SideSequence& own) noexcept {
  const bool repeats = (signs & kSignDuplicateAck) != 0;
  if (repeats && own.duplicate_run < kLongestRun) ++own.duplicate_run;
  if (has(segment.flags, kTcpAck)) {
    if (segment.ack != own.last_ack) own.duplicate_run = 0;
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
  own.ack_us = segment.now_us;
  own.flags |= kWindowKnown;
  const bool keep_alive = (signs & kSignKeepAlive) != 0;
  own.flags =
      static_cast<uint8_t>((own.flags & ~kLastKeepAlive) | (keep_alive ? kLastKeepAlive : 0));
}

}  // namespace

TcpQualityTracker::Limits TcpQualityTracker::limits_for(uint32_t max_flows) noexcept {
  return {
      .blocks = max_flows,
      .anomalies = std::max(max_flows / kFlowsPerAnomaly, std::min(max_flows, kFewestAnomalies))};
}

base::Result<TcpQualityTracker> TcpQualityTracker::create(Limits limits) {
  auto blocks = BlockPool<QualityBlock>::create(limits.blocks);
  if (!blocks) return base::Unexpected(blocks.error());
  auto anomalies = BlockPool<AnomalyBlock>::create(limits.anomalies);
  if (!anomalies) return base::Unexpected(anomalies.error());
  return TcpQualityTracker(std::move(*blocks), std::move(*anomalies));
}

void TcpQualityTracker::on_segment(FlowEntry& entry, ColdEntry& cold, const FlowPacket& packet,
                                   Direction side) noexcept {
  if (packet.fragment) return;
  if (has(packet.tcp_flags, kTcpSyn) && cold.opening.options[side] == 0) [[unlikely]] {
    cold.opening.options[side] = packet.syn.packed();
    cold.opening.mss_or_window[side] = packet.syn.mss;
  }
  BlockHandle& handle = entry.transport.quality;
  if (handle == kNoBlock) [[unlikely]] {
    if (!needs_block(entry, packet, side)) return note_opening(entry, cold, packet, side);
    begin(entry, cold, packet, side);
  }
  if (handle == kRefused) [[unlikely]]
    return;
  QualityBlock& block = blocks_.at(handle);
  keep_time(block, packet.ts_ns / base::kNsPerUs);
  const JudgedSegment segment{.seq = packet.tcp_seq,
                              .ack = packet.tcp_ack,
                              .payload_len = packet.payload_len,
                              .now_us = static_cast<uint32_t>(block.now_us),
                              .window = packet.tcp_window,
                              .flags = packet.tcp_flags};
  SideSequence& own = block.side[side];
  const Direction other = opposite(side);
  const SegmentSigns signs = signs_of(segment, own, block.side[other], reorder_us(block));
  if ((signs & kSignsCounted) != 0) [[unlikely]]
    count(block, side, segment, signs);
  if (has(own.flags, kWindowClosed) || (signs & kSignZeroWindow) != 0) [[unlikely]]
    track_window(block, side, segment, signs);
  take_sample(block, other, segment);
  time_data(segment, signs, own);
  time_response(block, side, segment);
  move_on(segment, signs, own);
}

/// A late packet does not turn the flow's time back.
void TcpQualityTracker::keep_time(QualityBlock& block, int64_t now_us) noexcept {
  if (now_us <= block.now_us) return;
  if (now_us >> kAgeShift != block.now_us >> kAgeShift) [[unlikely]]
    age(block, now_us);
  block.now_us = now_us;
}

void TcpQualityTracker::age(QualityBlock& block, int64_t now_us) noexcept {
  const auto before_us = static_cast<uint32_t>(block.now_us);
  const uint64_t passed_us = static_cast<uint64_t>(now_us) - static_cast<uint64_t>(block.now_us);
  const auto clamp = [&](uint32_t& time_us) {
    if (elapsed_us(time_us, before_us) + passed_us > kOldestUs)
      time_us = static_cast<uint32_t>(now_us) - kOldestUs;
  };
  for (const Direction side : {kToServer, kToClient}) {
    SideSequence& own = block.side[side];
    clamp(own.next_us);
    clamp(own.ack_us);
    clamp(own.timed_us);
    if (!has(own.flags, kWindowClosed) || !has_anomalies(block)) continue;
    AnomalySide& closed = anomalies_.at(block.anomalies).side[side];
    closed.zero_window_us += elapsed_us(closed.closed_us, before_us) + passed_us;
    closed.closed_us = static_cast<uint32_t>(now_us);
  }
  clamp(block.request_us);
}

AnomalyBlock* TcpQualityTracker::anomalies_of(QualityBlock& block) noexcept {
  if (block.anomalies == kNoBlock) {
    block.anomalies = anomalies_.take();
    if (block.anomalies == kNoBlock) {
      block.anomalies = kRefused;
      ++refused_;
    }
  }
  return has_anomalies(block) ? &anomalies_.at(block.anomalies) : nullptr;
}

void TcpQualityTracker::count(QualityBlock& block, Direction side, const JudgedSegment& segment,
                              SegmentSigns signs) noexcept {
  AnomalyBlock* const anomalies = anomalies_of(block);
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
  const uint32_t next = block.side[side].next_seq;
  if ((signs & kSignGap) != 0) counts.gaps.open(next, segment.seq);
  if ((signs & (kSignRetransmit | kSignOutOfOrder)) != 0)
    counts.gaps.fill(segment.seq, end_of(segment));
}

void TcpQualityTracker::track_window(QualityBlock& block, Direction side,
                                     const JudgedSegment& segment, SegmentSigns signs) noexcept {
  if (!has_anomalies(block)) return;
  SideSequence& own = block.side[side];
  AnomalySide& closed = anomalies_.at(block.anomalies).side[side];
  if (has(own.flags, kWindowClosed)) {
    closed.zero_window_us += elapsed_us(closed.closed_us, segment.now_us);
    closed.closed_us = segment.now_us;
    if (segment.window > 0) own.flags &= static_cast<uint8_t>(~kWindowClosed);
  } else if ((signs & kSignZeroWindow) != 0) {
    closed.closed_us = segment.now_us;
    own.flags |= kWindowClosed;
  }
}

void TcpQualityTracker::restart(FlowEntry& entry, ColdEntry& cold) noexcept {
  for (SynRepeats& repeats : cold.opening.syn_repeats)
    repeats.count = 0;
  if (!has_block(entry)) return;
  QualityBlock& block = blocks_.at(entry.transport.quality);
  const QualityBlock before = block;
  block = QualityBlock{.side = before.side, .now_us = before.now_us, .anomalies = before.anomalies};
  block.side[kToServer].flags &= static_cast<uint8_t>(~kRequestSeen);
  if (!has_anomalies(block)) return;
  for (AnomalySide& side : anomalies_.at(block.anomalies).side)
    side = AnomalySide{.closed_us = side.closed_us, .gaps = {}};
}

void TcpQualityTracker::release(FlowEntry& entry) noexcept {
  if (!has_block(entry)) return;
  const QualityBlock& block = blocks_.at(entry.transport.quality);
  if (has_anomalies(block)) anomalies_.give_back(block.anomalies);
  blocks_.give_back(entry.transport.quality);
  entry.transport.quality = kNoBlock;
}

}  // namespace pktana::flow
