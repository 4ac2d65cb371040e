// SPDX-License-Identifier: Apache-2.0
// Whose socket a flow was, as `pktana.process` of its record.
#pragma once

#include <memory>

#include "base/result.h"
#include "engine/process/process_watch.h"
#include "sink/record_notes.h"

namespace pktana::engine {

class ProcessNotes final : public sink::RecordNotes {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<ProcessNotes>> start();

  /// `,"process":{"side":"src","process_match":"exact","pid":1,"name":"curl","exe":"/usr/bin/curl",
  /// "uid":0,"container":"..."}`; when both ends are here, `peer_process` with that of dest, too.
  char* put(char* out, const flow::FlowRecord& record) noexcept override;

 private:
  explicit ProcessNotes(std::unique_ptr<ProcessWatch> watch) noexcept;

  std::unique_ptr<ProcessWatch> watch_;
};

}  // namespace pktana::engine
