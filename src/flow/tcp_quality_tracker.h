// SPDX-License-Identifier: Apache-2.0
// Counts how well the TCP connections of a shard go: retransmissions, gaps, windows, round trips
// (docs/tcp-quality.md). It begins when the handshake is done or data flows; what the first
// segments say until then is kept beside it, so that SYNs and what merely answers them cost little.
// Its numbers lie in the flow's own entries; the first anomaly takes a block of memory. One thread
// only.
#pragma once

#include <cstdint>
#include <utility>

#include "base/state_bytes.h"
#include "flow/block_pool.h"
#include "flow/flow_packet.h"
#include "flow/flow_ref.h"
#include "flow/tcp_anomalies.h"
#include "flow/tcp_segment_signs.h"

namespace pktana::flow {

class TcpQualityTracker {
 public:
  /// A quarter as many blocks for anomalies as flows, but not below 1024.
  [[nodiscard]] static uint32_t anomalies_for(uint32_t max_flows) noexcept;

  /// @param anomalies connections on which something went wrong, at once.
  [[nodiscard]] static base::Result<TcpQualityTracker> create(uint32_t anomalies);

  /// A TCP segment of the flow, before it is counted in the flow's entries. O(1), no allocation.
  void on_segment(const FlowRef& flow, const FlowPacket& packet, Direction side) noexcept;

  /// What has been counted of a TCP flow, open holes as lost. Of TcpQuality only gaps_may_be_ours
  /// is left as it is.
  void report(const FlowView& flow, TcpQuality& out) const noexcept;

  /// The flow goes on under a new record: counts and samples begin anew, holes that were open
  /// belong to the record before.
  void restart(const FlowRef& flow) noexcept;

  /// The flow ends: its block goes back.
  void release(const FlowRef& flow) noexcept;

  /// The flow's block for a process that goes on with it, and back: restore() gives a flow that was
  /// saved a block of its own. False: what there is, is cut.
  void save(const FlowView& flow, base::StateWriter& out) const;
  [[nodiscard]] bool restore(const FlowRef& flow, base::StateReader& in) noexcept;

  /// Connections whose anomalies got no block because all were taken.
  [[nodiscard]] uint64_t refused() const noexcept { return refused_; }
  [[nodiscard]] uint32_t anomalies_taken() const noexcept { return anomalies_.taken(); }

 private:
  explicit TcpQualityTracker(BlockPool<AnomalyBlock> anomalies) noexcept
      : anomalies_(std::move(anomalies)) {}

  // tcp_quality_opening.cpp: before the tracker begins.
  [[nodiscard]] static bool begins_with(const FlowView& flow, const FlowPacket& packet,
                                        Direction side) noexcept;
  static void note_opening(const FlowRef& flow, const FlowPacket& packet, Direction side) noexcept;
  void begin(const FlowRef& flow, const FlowPacket& packet, Direction side) noexcept;

  void judge(const FlowRef& flow, Direction side, const JudgedSegment& segment) noexcept;
  [[nodiscard]] SegmentSigns judge_repeat(const FlowRef& flow, Direction side,
                                          const JudgedSegment& segment) const noexcept;
  void move_on(const FlowRef& flow, Direction side, const JudgedSegment& segment,
               SegmentSigns signs) noexcept;
  void repeat_acks(const FlowRef& flow, Direction side, const JudgedSegment& segment,
                   SegmentSigns signs) noexcept;
  void age(const FlowRef& flow, int64_t before_us, int64_t now_us) noexcept;
  void count(const FlowRef& flow, Direction side, const JudgedSegment& segment,
             SegmentSigns signs) noexcept;
  void track_window(const FlowRef& flow, Direction side, const JudgedSegment& segment,
                    SegmentSigns signs) noexcept;
  /// Null: all were taken.
  [[nodiscard]] AnomalyBlock* take_anomalies(const FlowRef& flow) noexcept;
  /// Null: the flow has none.
  [[nodiscard]] AnomalyBlock* anomalies_of(const FlowView& flow) noexcept;
  [[nodiscard]] const AnomalyBlock* anomalies_of(const FlowView& flow) const noexcept;

  BlockPool<AnomalyBlock> anomalies_;
  uint64_t refused_ = 0;
};

}  // namespace pktana::flow
