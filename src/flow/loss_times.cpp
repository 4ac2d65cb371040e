// SPDX-License-Identifier: Apache-2.0
#include "flow/loss_times.h"

#include <algorithm>

namespace pktana::flow {

void LossTimes::note(int64_t from_ns, int64_t to_ns) noexcept {
  if (to_ns < from_ns) std::swap(from_ns, to_ns);
  if (count_ > 0 && from_ns <= spans_[count_ - 1].to_ns) {
    Span& last = spans_[count_ - 1];
    last = {std::min(last.from_ns, from_ns), std::max(last.to_ns, to_ns)};
    return;
  }
  if (count_ == kMostSpans) {
    spans_[1].from_ns = spans_[0].from_ns;
    std::copy(spans_.begin() + 1, spans_.end(), spans_.begin());
    --count_;
  }
  spans_[count_++] = {from_ns, to_ns};
}

bool LossTimes::overlaps(int64_t first_ns, int64_t last_ns) const noexcept {
  for (size_t i = 0; i < count_; ++i)
    if (first_ns <= spans_[i].to_ns && spans_[i].from_ns <= last_ns) return true;
  return false;
}

}  // namespace pktana::flow
