// SPDX-License-Identifier: Apache-2.0
// The records of a shard that wait to be handed over together. What they refer to is given back if
// nobody ever takes them.
#pragma once

#include <span>
#include <vector>

#include "flow/flow_record.h"

namespace pktana::flow {

/// All memory is there from the start. Move-only.
class RecordBundle {
 public:
  static constexpr size_t kRecords = 64;

  RecordBundle() { records_.reserve(kRecords); }
  RecordBundle(RecordBundle&&) noexcept = default;
  RecordBundle& operator=(RecordBundle&&) = delete;
  ~RecordBundle() { drop_belongings(records_); }

  /// Only while there is room. True if that was the last.
  [[nodiscard]] bool push(const FlowRecord& record) {
    records_.push_back(record);
    return records_.size() == kRecords;
  }
  [[nodiscard]] std::span<const FlowRecord> records() const noexcept { return records_; }
  /// They are another's now.
  void forget() noexcept { records_.clear(); }

 private:
  std::vector<FlowRecord> records_;
};

}  // namespace pktana::flow
