// SPDX-License-Identifier: Apache-2.0
// Notices that nobody reads our output any more, so that `pktana read huge.pcap | head` ends at
// once, on a silent link too. A thread that sleeps in poll().
#pragma once

#include <atomic>
#include <thread>

#include "base/fd.h"

namespace pktana::cli {

class PipeWatch {
 public:
  /// @param fd    the output; watched as long as the object lives.
  /// @param stop  set when its reader is gone. Must outlive the watch.
  PipeWatch(int fd, std::atomic<bool>& stop);
  ~PipeWatch();
  PipeWatch(const PipeWatch&) = delete;
  PipeWatch& operator=(const PipeWatch&) = delete;

  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  void watch(int fd, std::atomic<bool>& stop) noexcept;

  base::Fd done_;  ///< eventfd that ends the thread
  std::atomic<bool> closed_{false};
  std::thread thread_;
};

}  // namespace pktana::cli
