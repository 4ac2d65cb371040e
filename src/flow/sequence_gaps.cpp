// SPDX-License-Identifier: Apache-2.0
#include "flow/sequence_gaps.h"

#include <algorithm>

#include "flow/sequence.h"

namespace pktana::flow {

void SequenceGaps::open(uint32_t from, uint32_t to) noexcept {
  if (to - from > kWidest) return;
  if (count_ == kMost) {
    given_up_ += gaps_[0].to - gaps_[0].from;
    remove(0);
  }
  gaps_[count_++] = {from, to};
}

void SequenceGaps::fill(uint32_t from, uint32_t to) noexcept {
  for (unsigned i = 0; i < count_;) {
    Gap& gap = gaps_[i];
    const bool touches = seq_before(from, gap.to) && seq_before(gap.from, to);
    const bool left_stays = seq_before(gap.from, from);
    const bool right_stays = seq_before(to, gap.to);
    if (!touches) {
      ++i;
    } else if (left_stays && right_stays) {
      split(i, from, to);
      return;  // what lies within one hole touches no other
    } else if (left_stays) {
      gap.to = from;
      ++i;
    } else if (right_stays) {
      gap.from = to;
      ++i;
    } else {
      remove(i);
    }
  }
}

void SequenceGaps::split(unsigned index, uint32_t from, uint32_t to) noexcept {
  const Gap whole = gaps_[index];
  gaps_[index].from = to;
  if (count_ == kMost) {
    given_up_ += from - whole.from;
    return;
  }
  std::copy_backward(&gaps_[index], &gaps_[count_], &gaps_[count_] + 1);
  gaps_[index] = {whole.from, from};
  ++count_;
}

void SequenceGaps::remove(unsigned index) noexcept {
  std::copy(&gaps_[index] + 1, gaps_.data() + count_, &gaps_[index]);
  --count_;
}

uint64_t SequenceGaps::lost() const noexcept {
  uint64_t sum = given_up_;
  for (unsigned i = 0; i < count_; ++i)
    sum += gaps_[i].to - gaps_[i].from;
  return sum;
}

}  // namespace pktana::flow
