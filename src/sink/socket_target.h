// SPDX-License-Identifier: Apache-2.0
// An output's own thread writes lines to a unix stream socket that somebody else listens on;
// connects again when the connection is lost.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "base/fd.h"
#include "sink/line_target.h"

namespace pktana::sink {

/// A new connection begins with a whole line: the one that the old connection cut is sent again. A
/// line counts as written when the kernel has it; those that a listener left unread are lost.
class SocketTarget final : public LineTarget {
 public:
  /// Nobody needs to listen yet.
  /// @param first_line what each connection begins with; may be empty.
  SocketTarget(std::string path, std::string first_line) noexcept
      : path_(std::move(path)), first_line_(std::move(first_line)) {}

  Progress put(const LineBuffer& buffer, size_t from) noexcept override;
  int tick() noexcept override;
  base::Result<void> close() override;
  [[nodiscard]] OutputHealth health() const override;

 private:
  [[nodiscard]] int connect() noexcept;
  [[nodiscard]] Progress send_some(std::span<const char> bytes) const noexcept;

  const std::string path_;
  const std::string first_line_;
  base::Fd fd_;
  size_t first_line_sent_ = 0;
  int64_t retry_ns_ = 0;  ///< monotonic: no connection is tried before
  int last_error_ = 0;    ///< of connect()
  bool was_connected_ = false;
  std::atomic<uint64_t> reconnected_{0};
};

}  // namespace pktana::sink
