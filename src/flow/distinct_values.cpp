// SPDX-License-Identifier: Apache-2.0
#include "flow/distinct_values.h"

#include <algorithm>
#include <cmath>

namespace pktana::flow {

void DistinctValues::add(uint64_t hash) noexcept {
  uint64_t* const begin = smallest_.data();
  uint64_t* const end = begin + size_;
  uint64_t* const place = std::lower_bound(begin, end, hash);
  if (place != end && *place == hash) return;
  if (size_ == kKept) {
    overflowed_ = true;
    if (place == end) return;
    std::copy_backward(place, end - 1, end);
  } else {
    std::copy_backward(place, end, end + 1);
    ++size_;
  }
  *place = hash;
}

void DistinctValues::add(const DistinctValues& other) noexcept {
  for (uint32_t i = 0; i < other.size_; ++i)
    add(other.smallest_[i]);
  overflowed_ = overflowed_ || other.overflowed_;
}

uint64_t DistinctValues::count() const noexcept {
  if (!overflowed_) return size_;
  // The k-th smallest of n uniform values lies at about k / (n + 1) of their range.
  const double share = std::ldexp(static_cast<double>(smallest_[kKept - 1]), -64);
  return static_cast<uint64_t>(std::llround((kKept - 1) / share));
}

}  // namespace pktana::flow
