// SPDX-License-Identifier: Apache-2.0
// What a query computes of one field over many lines: sum, average, extremes, 95th percentile.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace pktana::query {

enum class Function : uint8_t { Sum, Average, Min, Max, P95 };

__extension__ using Wide = __int128;  ///< durations in ns over a whole log do not fit into 64 bits

/// Distribution of numbers: exact up to kMaxExact of them, then in steps of 1/128 of the value.
class Distribution {
 public:
  static constexpr size_t kMaxExact = 8192;

  void add(int64_t number);
  void merge(const Distribution& other);
  /// Nearest rank: the smallest number that 95 of 100 numbers do not exceed. 0 without any.
  [[nodiscard]] int64_t p95() const;
  /// p95() is the number itself, not the end of its step.
  [[nodiscard]] bool is_exact() const noexcept { return steps_.empty(); }

 private:
  static constexpr unsigned kFractionBits = 7;
  static constexpr size_t kSteps = (64 - kFractionBits + 1) << kFractionBits;

  [[nodiscard]] static size_t step_of(uint64_t number) noexcept;
  [[nodiscard]] static int64_t end_of(size_t step) noexcept;
  void coarsen();

  uint64_t count_ = 0;
  std::vector<int64_t> exact_;
  std::vector<uint64_t> steps_;  ///< numbers by step; negative ones count as 0
};

/// Everything that is asked of one field in one group.
class Accumulator {
 public:
  void add(int64_t number, bool with_distribution);
  void merge(const Accumulator& other);

  [[nodiscard]] uint64_t count() const noexcept { return count_; }
  [[nodiscard]] Wide sum() const noexcept { return sum_; }
  [[nodiscard]] int64_t min() const noexcept { return min_; }
  [[nodiscard]] int64_t max() const noexcept { return max_; }
  [[nodiscard]] int64_t p95() const { return distribution_ ? distribution_->p95() : 0; }

 private:
  uint64_t count_ = 0;
  Wide sum_ = 0;
  int64_t min_ = INT64_MAX;
  int64_t max_ = INT64_MIN;
  std::unique_ptr<Distribution> distribution_;
};

}  // namespace pktana::query
