// SPDX-License-Identifier: Apache-2.0
// A set of whole numbers: ports, counts, sizes, times. Made once and then only asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pktana::filter {

/// Numbers from `first` to `last`, both included.
struct NumberRange {
  int64_t first = 0;
  int64_t last = 0;

  [[nodiscard]] constexpr bool contains(int64_t number) const noexcept {
    return first <= number && number <= last;
  }
};

/// Sorted intervals. Threads: const, shareable.
class NumberSet {
 public:
  explicit NumberSet(std::vector<NumberRange> ranges);

  /// Cost: a binary search, no allocation.
  [[nodiscard]] bool contains(int64_t number) const noexcept;

  [[nodiscard]] size_t size() const noexcept { return ranges_.size(); }

 private:
  std::vector<NumberRange> ranges_;
};

}  // namespace pktana::filter
