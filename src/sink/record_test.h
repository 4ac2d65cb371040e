// SPDX-License-Identifier: Apache-2.0
// Whether an output takes a flow's record, decided by somebody who knows more than the sink: the
// engine's flow expressions.
#pragma once

#include "flow/flow_record.h"

namespace pktana::sink {

class RecordTest {
 public:
  virtual ~RecordTest() = default;

  /// Called on the sink's thread.
  virtual bool matches(const flow::FlowRecord& record) noexcept = 0;
};

}  // namespace pktana::sink
