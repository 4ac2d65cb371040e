// SPDX-License-Identifier: Apache-2.0
// How many different values were seen, in fixed memory and whatever their order: the k smallest
// hashes (Bar-Yossef et al., RANDOM 2002). Used by the scan detector to count targets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace pktana::flow {

/// Exact up to kKept values, then estimated with a standard error of 1/sqrt(kKept - 2), 4.4%. All
/// zero is empty, so it may live in zeroed memory.
class DistinctValues {
 public:
  static constexpr size_t kKept = 512;

  /// @param hash of the value, well mixed over all 64 bits. O(log kKept) for a value that is known
  /// or too large, O(kKept) for one that is kept; no allocation.
  void add(uint64_t hash) noexcept;
  void add(const DistinctValues& other) noexcept;

  [[nodiscard]] uint64_t count() const noexcept;
  [[nodiscard]] bool is_estimated() const noexcept { return overflowed_; }

 private:
  std::array<uint64_t, kKept> smallest_{};  ///< ascending
  uint32_t size_ = 0;
  bool overflowed_ = false;
};

}  // namespace pktana::flow
