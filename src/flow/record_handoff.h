// SPDX-License-Identifier: Apache-2.0
// Where a shard puts finished records: the queue to the sink thread, or a callback of a library
// user.
#pragma once

#include <span>

#include "flow/flow_record.h"

namespace pktana::flow {

class RecordHandoff {
 public:
  virtual ~RecordHandoff() = default;

  /// Takes the records in order and answers for them from here on: what it can't keep it drops and
  /// counts by cause. One thread only.
  virtual void hand_over(std::span<const FlowRecord> records) noexcept = 0;
};

}  // namespace pktana::flow
