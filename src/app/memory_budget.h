// SPDX-License-Identifier: Apache-2.0
// What the application layer of one worker may hold of packets at most.
#pragma once

#include <cstddef>

namespace pktana::app {

/// One thread.
class MemoryBudget {
 public:
  explicit MemoryBudget(size_t limit_bytes) noexcept : limit_(limit_bytes) {}

  [[nodiscard]] bool try_take(size_t bytes) noexcept {
    if (bytes > limit_ - used_) return false;
    used_ += bytes;
    return true;
  }
  void give_back(size_t bytes) noexcept { used_ -= bytes; }
  [[nodiscard]] size_t used() const noexcept { return used_; }

 private:
  size_t limit_;
  size_t used_ = 0;
};

}  // namespace pktana::app
