// SPDX-License-Identifier: Apache-2.0
// The payload of one flow in both directions: TCP put back in order, everything else packet by
// packet. Used by FlowFollower.
#pragma once

#include <array>
#include <cstdint>

#include "app/memory_budget.h"
#include "app/stream.h"
#include "base/bytes.h"
#include "flow/flow_packet.h"
#include "flow/flow_record.h"

namespace pktana::cli {

/// Told of payload in the order in which it could be read.
class PayloadTaker {
 public:
  virtual ~PayloadTaker() = default;
  /// @param whole a datagram, which stands for itself; else more of the stream.
  virtual void on_payload(flow::Direction direction, int64_t ts_ns, base::Bytes bytes,
                          bool whole) = 0;
  /// So many bytes are not in the capture.
  virtual void on_gap(flow::Direction direction, int64_t ts_ns, uint64_t bytes) = 0;
};

class FollowedFlow {
 public:
  /// Of each direction: what came too early waits in so much memory. Beyond it what is missing
  /// counts as missing for good.
  static constexpr app::StreamLimits kLimits{.early_segments = 4096,
                                             .early_bytes = size_t{16} << 20};

  /// @param initiator_is_high see HotEntry. `taker` must outlive it.
  FollowedFlow(bool initiator_is_high, PayloadTaker& taker) noexcept
      : initiator_is_high_(initiator_is_high), taker_(taker) {}

  void take(const flow::FlowPacket& packet);
  /// No packet will come: what waited for others is told.
  void finish();

 private:
  void take_datagram(const flow::FlowPacket& packet, flow::Direction side);
  void take_segment(const flow::FlowPacket& packet, flow::Direction side);
  void take_early(flow::Direction side, int64_t ts_ns);
  void take_acknowledged(flow::Direction side, uint32_t ack, int64_t ts_ns);

  const bool initiator_is_high_;
  PayloadTaker& taker_;
  app::MemoryBudget budget_{2 * kLimits.early_bytes};
  std::array<app::Stream, 2> streams_{app::Stream(budget_, kLimits), app::Stream(budget_, kLimits)};
  int64_t last_ns_ = 0;
};

}  // namespace pktana::cli
