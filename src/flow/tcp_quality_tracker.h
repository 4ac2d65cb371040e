// SPDX-License-Identifier: Apache-2.0
// Counts how well the TCP connections of a shard go: retransmissions, gaps, windows, round trips
// (docs/tcp-quality.md). Its memory is taken when a flow first needs it: one block when the
// handshake is done or data flows, a second one at the first anomaly. SYNs and what merely answers
// them take none. One thread only.
#pragma once

#include <cstdint>

#include "base/state_bytes.h"
#include "flow/block_pool.h"
#include "flow/flow_entry.h"
#include "flow/flow_packet.h"
#include "flow/tcp_quality_block.h"
#include "flow/tcp_segment_signs.h"

namespace pktana::flow {

class TcpQualityTracker {
 public:
  struct Limits {
    uint32_t blocks = 0;     ///< connections that are looked at, at once
    uint32_t anomalies = 0;  ///< of these, such on which something went wrong
  };

  /// As many blocks as flows, a quarter as many for anomalies but not below 1024.
  [[nodiscard]] static Limits limits_for(uint32_t max_flows) noexcept;

  [[nodiscard]] static base::Result<TcpQualityTracker> create(Limits limits);

  /// A TCP segment of the flow, before it is counted in the flow's entries. O(1), no allocation.
  void on_segment(FlowEntry& entry, ColdEntry& cold, const FlowPacket& packet,
                  Direction side) noexcept;

  /// What has been counted of a TCP flow, open holes as lost. Of TcpQuality only gaps_may_be_ours
  /// is left as it is.
  void report(const FlowEntry& entry, const ColdEntry& cold, TcpQuality& out) const noexcept;

  /// The flow goes on under a new record: counts and samples begin anew, holes that were open
  /// belong to the record before.
  void restart(FlowEntry& entry, ColdEntry& cold) noexcept;

  /// The flow ends: its blocks go back.
  void release(FlowEntry& entry) noexcept;

  /// The flow's blocks for a process that goes on with it, and back: restore() gives an entry that
  /// was saved blocks of its own. False: what there is, is cut.
  void save(const FlowEntry& entry, base::StateWriter& out) const;
  [[nodiscard]] bool restore(FlowEntry& entry, base::StateReader& in) noexcept;

  /// Both lines of the flow's block, if it has one.
  void prefetch(const FlowEntry& entry) const noexcept {
    if (!has_block(entry)) return;
    const QualityBlock& block = blocks_.at(entry.transport.quality);
    __builtin_prefetch(&block, 1);
    __builtin_prefetch(&block.rtt_sum_us, 1);
  }

  /// Connections that got no block because all were taken.
  [[nodiscard]] uint64_t refused() const noexcept { return refused_; }
  [[nodiscard]] uint32_t blocks_taken() const noexcept { return blocks_.taken(); }
  [[nodiscard]] uint32_t anomalies_taken() const noexcept { return anomalies_.taken(); }

 private:
  static constexpr BlockHandle kRefused =
      0xFFFFFFFFU;  ///< no block was left, and none is asked for

  TcpQualityTracker(BlockPool<QualityBlock> blocks, BlockPool<AnomalyBlock> anomalies)
      : blocks_(std::move(blocks)), anomalies_(std::move(anomalies)) {}

  [[nodiscard]] static bool has_block(const FlowEntry& entry) noexcept {
    return entry.transport.quality != kNoBlock && entry.transport.quality != kRefused;
  }

  [[nodiscard]] static bool has_anomalies(const QualityBlock& block) noexcept {
    return block.anomalies != kNoBlock && block.anomalies != kRefused;
  }

  // tcp_quality_opening.cpp: before there is a block.
  [[nodiscard]] static bool needs_block(const FlowEntry& entry, const FlowPacket& packet,
                                        Direction side) noexcept;
  static void note_opening(FlowEntry& entry, ColdEntry& cold, const FlowPacket& packet,
                           Direction side) noexcept;
  void begin(FlowEntry& entry, const ColdEntry& cold, const FlowPacket& packet,
             Direction side) noexcept;

  void keep_time(QualityBlock& block, int64_t now_us) noexcept;
  void age(QualityBlock& block, int64_t now_us) noexcept;
  void count(QualityBlock& block, Direction side, const JudgedSegment& segment,
             SegmentSigns signs) noexcept;
  void track_window(QualityBlock& block, Direction side, const JudgedSegment& segment,
                    SegmentSigns signs) noexcept;
  [[nodiscard]] AnomalyBlock* anomalies_of(QualityBlock& block) noexcept;

  BlockPool<QualityBlock> blocks_;
  BlockPool<AnomalyBlock> anomalies_;
  uint64_t refused_ = 0;
};

}  // namespace pktana::flow
