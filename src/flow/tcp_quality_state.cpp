// SPDX-License-Identifier: Apache-2.0
// TcpQualityTracker's blocks of a flow as bytes, and back.
#include "flow/tcp_quality_tracker.h"

namespace pktana::flow {

void TcpQualityTracker::save(const FlowEntry& entry, base::StateWriter& out) const {
  const bool has = has_block(entry);
  out.put(has);
  if (!has) return;
  const QualityBlock& block = blocks_.at(entry.transport.quality);
  out.put(block);
  if (has_anomalies(block)) out.put(anomalies_.at(block.anomalies));
}

bool TcpQualityTracker::restore(FlowEntry& entry, base::StateReader& in) noexcept {
  bool has = false;
  if (!in.get(has)) {
    entry.transport.quality = kNoBlock;
    return false;
  }
  // A flow that got no block in its old life gets none in this one.
  if (!has) {
    if (entry.transport.quality != kRefused) entry.transport.quality = kNoBlock;
    return true;
  }
  entry.transport.quality = kRefused;
  QualityBlock saved;
  AnomalyBlock anomalies;
  if (!in.get(saved)) return false;
  const bool bad = has_anomalies(saved);
  if (bad && !in.get(anomalies)) return false;
  const BlockHandle handle = blocks_.take();
  if (handle == kNoBlock) {
    ++refused_;
    return true;
  }
  entry.transport.quality = handle;
  blocks_.at(handle) = saved;
  if (!bad) return true;
  const BlockHandle second = anomalies_.take();
  blocks_.at(handle).anomalies = second == kNoBlock ? kRefused : second;
  if (second != kNoBlock) anomalies_.at(second) = anomalies;
  return true;
}

}  // namespace pktana::flow
