// SPDX-License-Identifier: Apache-2.0
// A counter with one writer and any number of readers.
#pragma once

#include <atomic>
#include <cstdint>

namespace pktana::base {

/// Single writer, so no locked instruction: a relaxed load, an addition, a relaxed store. Readers
/// on other threads see some recent value. Never reset while the writer runs.
class Counter {
 public:
  void add(uint64_t n) noexcept { value_.store(get() + n, std::memory_order_relaxed); }
  void set(uint64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
  /// Relaxed: counters are statistics, they order nothing.
  [[nodiscard]] uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace pktana::base
