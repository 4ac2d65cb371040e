// SPDX-License-Identifier: Apache-2.0
// Ends of the line for flow records: one keeps them, one only counts.
#pragma once

#include <span>
#include <vector>

#include "flow/record_handoff.h"

namespace pktana::support {

/// Keeps every record, in order.
class RecordCollector : public flow::RecordHandoff {
 public:
  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    records_.insert(records_.end(), records.begin(), records.end());
    bundles_.push_back(records.size());
  }

  [[nodiscard]] const std::vector<flow::FlowRecord>& records() const { return records_; }
  [[nodiscard]] const std::vector<size_t>& bundles() const { return bundles_; }

 private:
  std::vector<flow::FlowRecord> records_;
  std::vector<size_t> bundles_;  ///< records per call
};

/// Looks at each record once and forgets it: allocates nothing.
class RecordCounter : public flow::RecordHandoff {
 public:
  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    records_ += records.size();
    for (const flow::FlowRecord& record : records)
      packets_ += record.totals[0].packets + record.totals[1].packets;
  }

  [[nodiscard]] uint64_t records() const { return records_; }
  [[nodiscard]] uint64_t packets() const { return packets_; }

 private:
  uint64_t records_ = 0;
  uint64_t packets_ = 0;
};

}  // namespace pktana::support
