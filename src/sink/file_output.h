// SPDX-License-Identifier: Apache-2.0
// Output to a regular file by pwrite(2): the way that is always there.
#pragma once

#include <cstdint>

#include "base/fd.h"
#include "sink/output.h"

namespace pktana::sink {

/// Writes all of `bytes` at `offset`, or what can be.
[[nodiscard]] Written pwrite_all(int fd, std::span<const char> bytes, uint64_t offset) noexcept;

/// Puts a file on the disk if `sync`, then closes it. Errors of delayed writing (NFS, quotas) show
/// up here.
[[nodiscard]] base::Result<void> close_file(base::Fd fd, bool sync);

class FileOutput final : public RegularFile {
 public:
  FileOutput(base::Fd fd, bool sync) noexcept : fd_(std::move(fd)), sync_(sync) {}

  /// Writes at once.
  void start(std::span<const char> bytes) noexcept override;
  Written wait() noexcept override { return written_; }
  base::Result<void> switch_to(base::Fd fd) override;
  base::Result<void> close() override { return close_file(std::move(fd_), sync_); }
  [[nodiscard]] const char* method() const noexcept override { return "pwrite"; }

 private:
  base::Fd fd_;
  bool sync_;
  uint64_t offset_ = 0;
  Written written_;
};

}  // namespace pktana::sink
