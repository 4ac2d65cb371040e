// SPDX-License-Identifier: Apache-2.0
#include "filter/number_set.h"

#include <algorithm>

namespace pktana::filter {

NumberSet::NumberSet(std::vector<NumberRange> ranges) : ranges_(std::move(ranges)) {
  std::sort(ranges_.begin(), ranges_.end(),
            [](const NumberRange& a, const NumberRange& b) { return a.first < b.first; });
  size_t kept = 0;
  for (const NumberRange& range : ranges_) {
    const bool joins = kept > 0 && (range.first <= ranges_[kept - 1].last ||
                                    ranges_[kept - 1].last + 1 == range.first);
    if (joins)
      ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, range.last);
    else
      ranges_[kept++] = range;
  }
  ranges_.resize(kept);
}

bool NumberSet::contains(int64_t number) const noexcept {
  const auto found =
      std::lower_bound(ranges_.begin(), ranges_.end(), number,
                       [](const NumberRange& range, int64_t value) { return range.last < value; });
  return found != ranges_.end() && found->first <= number;
}

}  // namespace pktana::filter
