// SPDX-License-Identifier: Apache-2.0
// TcpQualityTracker: from the blocks of a flow to its record.
#include "base/clock.h"
#include "flow/round_trips.h"
#include "flow/tcp_quality_tracker.h"

namespace pktana::flow {
namespace {

void put_options(const FlowView& flow, Direction side, TcpSide& out) noexcept {
  const SynOptions options =
      SynOptions::unpacked(flow.tcp.side[side].options, flow.tail.opening[side]);
  out.mss = options.mss;
  out.window_scale = options.window_scale;
  out.sack_permitted = options.sack_permitted;
  out.timestamps = options.timestamps;
}

void put_anomalies(const AnomalySide& counts, TcpSide& out) noexcept {
  out.lost_bytes = counts.gaps.lost();
  out.zero_window_us = counts.zero_window_us;
  out.retransmits = counts.retransmits;
  out.fast_retransmits = counts.fast_retransmits;
  out.spurious_retransmits = counts.spurious_retransmits;
  out.keep_alives = counts.keep_alives;
  out.out_of_order = counts.out_of_order;
  out.duplicate_acks = counts.duplicate_acks;
  out.zero_windows = counts.zero_windows;
}

}  // namespace

void TcpQualityTracker::report(const FlowView& flow, TcpQuality& out) const noexcept {
  const HotEntry& hot = flow.hot;
  out.incomplete = hot.quality_incomplete;
  for (const Direction side : {kToServer, kToClient}) {
    put_options(flow, side, out.side[side]);
    if (!hot.quality_begun) out.side[side].retransmits = flow.tcp.side[side].window;
  }
  if (!hot.quality_begun) return;
  if (hot.handshake_known) out.handshake_us = flow.tail.handshake_us;
  if (hot.ack_leg_known) out.synack_to_ack_us = flow.tail.synack_to_ack_us;
  if (hot.syn_leg_known) out.syn_to_synack_us = flow.tail.handshake_us - flow.tail.synack_to_ack_us;
  if (hot.response_known) out.first_response_us = flow.tail.response_us;
  for (const Direction side : {kToServer, kToClient})
    out.side[side].rtt = round_trips_of(flow, side);
  const AnomalyBlock* const anomalies = anomalies_of(flow);
  if (anomalies == nullptr) return;
  const auto now_us = static_cast<uint32_t>(hot.last_ns / base::kNsPerUs);
  for (const Direction side : {kToServer, kToClient}) {
    put_anomalies(anomalies->side[side], out.side[side]);
    // Closed to the end of the record.
    if ((flow.tcp.side[side].flags & kWindowClosed) != 0)
      out.side[side].zero_window_us += elapsed_us(anomalies->side[side].closed_us, now_us);
  }
}

}  // namespace pktana::flow
