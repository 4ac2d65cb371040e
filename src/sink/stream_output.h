// SPDX-License-Identifier: Apache-2.0
// Output to standard output, a pipe, a socket or a device: write(2), no positions.
#pragma once

#include "base/fd.h"
#include "sink/output.h"

namespace pktana::sink {

class StreamOutput final : public Output {
 public:
  /// @param owned closed in the end; when empty, `fd` is borrowed.
  StreamOutput(int fd, base::Fd owned) noexcept : fd_(fd), owned_(std::move(owned)) {}

  /// Writes at once. Waits where a non-blocking descriptor has no room.
  void start(std::span<const char> bytes) noexcept override;
  Written wait() noexcept override { return written_; }
  base::Result<void> close() override;
  [[nodiscard]] const char* method() const noexcept override { return "write"; }

 private:
  int fd_;
  base::Fd owned_;
  Written written_;
};

}  // namespace pktana::sink
