// SPDX-License-Identifier: Apache-2.0
// What somebody besides the flow table knows of a flow (where its addresses are, whose socket it
// was): members that a writer adds to the record's `pktana` object.
#pragma once

#include <cstddef>

#include "flow/flow_record.h"

namespace pktana::sink {

class RecordNotes {
 public:
  static constexpr size_t kMaxBytes = 2048;  ///< of one put()

  virtual ~RecordNotes() = default;

  /// Writes `,"name":{...}` at `out`, or nothing, and returns the place behind it. Called on the
  /// sink's thread.
  virtual char* put(char* out, const flow::FlowRecord& record) noexcept = 0;
};

}  // namespace pktana::sink
