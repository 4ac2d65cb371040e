// SPDX-License-Identifier: Apache-2.0
// The bytes of one direction that a dissector, or the probes, have been shown and have not
// consumed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/memory_budget.h"

namespace pktana::app {

class Pending {
 public:
  /// `budget` must outlive it.
  explicit Pending(MemoryBudget& budget) noexcept : budget_(budget) {}
  ~Pending() { budget_.give_back(bytes_.size()); }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  [[nodiscard]] std::span<const uint8_t> bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] size_t size() const noexcept { return bytes_.size(); }

  /// @return false and nothing kept, if it would be more than `limit` or than the budget has.
  [[nodiscard]] bool append(std::span<const uint8_t> more, size_t limit);
  /// Drops the first `count` bytes, at most all.
  void consume(size_t count) noexcept;
  void clear() noexcept { consume(bytes_.size()); }

 private:
  MemoryBudget& budget_;
  std::vector<uint8_t> bytes_;
};

}  // namespace pktana::app
