// SPDX-License-Identifier: Apache-2.0
// Lets one thread sleep until another has something for it. Ringing costs one load while nobody
// sleeps, so that workers can ring after each batch.
#pragma once

#include <atomic>
#include <cstdint>

namespace pktana::sink {

/// One sleeper; any thread may ring. Whoever rings first makes visible, with a sequentially
/// consistent store, what the sleeper's `ready` looks at with a sequentially consistent load: then
/// either the sleeper sees it and stays awake, or the ringer sees the sleeper and wakes it.
class Doorbell {
 public:
  static constexpr int kNoTimeout = -1;

  void ring() noexcept {
    if (asleep_.load(std::memory_order_seq_cst) != 0 && asleep_.exchange(0) != 0) wake();
  }

  /// Sleeps until ring(), but not when ready() is true, and not longer than `timeout_ms`. May
  /// return early: look again.
  template <typename Ready>
  void wait(const Ready& ready, int timeout_ms) noexcept {
    asleep_.store(1, std::memory_order_seq_cst);
    if (!ready()) sleep(timeout_ms);
    asleep_.store(0, std::memory_order_relaxed);  // a late ring() then costs one needless look
  }

 private:
  void wake() noexcept;
  void sleep(int timeout_ms) noexcept;

  std::atomic<uint32_t> asleep_{0};
};

}  // namespace pktana::sink
