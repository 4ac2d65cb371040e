// SPDX-License-Identifier: Apache-2.0
// TcpQualityTracker: from the blocks of a flow to its record.
#include "base/clock.h"
#include "flow/tcp_quality_tracker.h"

namespace pktana::flow {
namespace {

void put_options(const TcpOpening& opening, Direction side, TcpSide& out) noexcept {
  const SynOptions options =
      SynOptions::unpacked(opening.options[side], opening.mss_or_window[side]);
  out.mss = options.mss;
  out.window_scale = options.window_scale;
  out.sack_permitted = options.sack_permitted;
  out.timestamps = options.timestamps;
}

void put_round_trips(const QualityBlock& block, Direction side, TcpSide& out) noexcept {
  out.rtt = {.sum_us = block.rtt_sum_us[side],
             .count = block.rtt_count[side],
             .min_us = block.rtt_min_us[side],
             .max_us = block.rtt_max_us[side]};
}

void put_anomalies(const AnomalySide& counts, TcpSide& out) noexcept {
  out.lost_bytes = counts.gaps.lost();
  out.zero_window_us = counts.zero_window_us;
  out.retransmits += counts.retransmits;
  out.fast_retransmits = counts.fast_retransmits;
  out.spurious_retransmits = counts.spurious_retransmits;
  out.keep_alives = counts.keep_alives;
  out.out_of_order = counts.out_of_order;
  out.duplicate_acks = counts.duplicate_acks;
  out.zero_windows = counts.zero_windows;
}

}  // namespace

void TcpQualityTracker::report(const FlowEntry& entry, const ColdEntry& cold,
                               TcpQuality& out) const noexcept {
  for (const Direction side : {kToServer, kToClient}) {
    put_options(cold.opening, side, out.side[side]);
    out.side[side].retransmits = cold.opening.syn_repeats[side].count;
  }
  out.incomplete = entry.transport.quality == kRefused;
  if (!has_block(entry)) return;
  const QualityBlock& block = blocks_.at(entry.transport.quality);
  out.handshake_us = block.handshake_us;
  out.syn_to_synack_us = block.syn_to_synack_us;
  out.synack_to_ack_us = block.synack_to_ack_us;
  out.first_response_us = block.first_response_us;
  for (const Direction side : {kToServer, kToClient})
    put_round_trips(block, side, out.side[side]);
  out.incomplete = block.anomalies == kRefused;
  if (!has_anomalies(block)) return;
  const AnomalyBlock& anomalies = anomalies_.at(block.anomalies);
  for (const Direction side : {kToServer, kToClient}) {
    put_anomalies(anomalies.side[side], out.side[side]);
    // Closed to the end of the record.
    if ((block.side[side].flags & kWindowClosed) != 0)
      out.side[side].zero_window_us +=
          elapsed_us(anomalies.side[side].closed_us, static_cast<uint32_t>(block.now_us));
  }
}

}  // namespace pktana::flow
