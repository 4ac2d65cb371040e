// SPDX-License-Identifier: Apache-2.0
// The daemon's signals as a descriptor: nothing is interrupted, the control loop takes them in
// turn.
#pragma once

#include <optional>

#include "base/fd.h"
#include "base/result.h"

namespace pktana::daemon {

class SignalQueue {
 public:
  /// From now on SIGTERM, SIGINT, SIGHUP and SIGUSR1 are taken by take(); threads that are started
  /// later leave them to it. SIGPIPE is ignored.
  [[nodiscard]] static base::Result<SignalQueue> open();

  /// Readable when there is one.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// The next signal's number.
  [[nodiscard]] std::optional<int> take() noexcept;

 private:
  explicit SignalQueue(base::Fd fd) noexcept : fd_(std::move(fd)) {}

  base::Fd fd_;
};

}  // namespace pktana::daemon
