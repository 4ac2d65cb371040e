// SPDX-License-Identifier: Apache-2.0
// TcpQualityTracker's block of a flow as bytes, and back.
#include "flow/tcp_quality_tracker.h"

namespace pktana::flow {

void TcpQualityTracker::save(const FlowView& flow, base::StateWriter& out) const {
  const AnomalyBlock* const anomalies = anomalies_of(flow);
  out.put(anomalies != nullptr);
  if (anomalies != nullptr) out.put(*anomalies);
}

bool TcpQualityTracker::restore(const FlowRef& flow, base::StateReader& in) noexcept {
  if (LongBlock* const block = flow.long_block_if_any(); block != nullptr)
    block->anomalies = kNoBlock;
  bool has = false;
  AnomalyBlock saved;
  if (!in.get(has)) return false;
  if (!has) return true;
  if (!in.get(saved)) return false;
  if (AnomalyBlock* const anomalies = take_anomalies(flow); anomalies != nullptr)
    *anomalies = saved;
  return true;
}

}  // namespace pktana::flow
