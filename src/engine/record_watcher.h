// SPDX-License-Identifier: Apache-2.0
// Somebody who sees the records of a run that writes none: the summary of the command line.
#pragma once

#include <span>

#include "flow/flow_record.h"

namespace pktana::engine {

class RecordWatcher {
 public:
  virtual ~RecordWatcher() = default;
  /// Borrowed for the call. Any worker's thread.
  virtual void see(std::span<const flow::FlowRecord> records) noexcept = 0;
};

}  // namespace pktana::engine
