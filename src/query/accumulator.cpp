// SPDX-License-Identifier: Apache-2.0
#include "query/accumulator.h"

#include <algorithm>
#include <bit>

namespace pktana::query {
namespace {

constexpr uint64_t kPercent = 95;

/// Rank, from 1, of the number that kPercent of `count` do not exceed.
uint64_t rank_of(uint64_t count) noexcept { return (count * kPercent + 99) / 100; }

}  // namespace

void Distribution::add(int64_t number) {
  ++count_;
  if (is_exact()) {
    exact_.push_back(number);
    if (exact_.size() > kMaxExact) coarsen();
    return;
  }
  ++steps_[step_of(static_cast<uint64_t>(std::max<int64_t>(number, 0)))];
}

void Distribution::merge(const Distribution& other) {
  if (other.is_exact()) {
    for (const int64_t number : other.exact_)
      add(number);
    return;
  }
  if (is_exact()) coarsen();
  count_ += other.count_;
  for (size_t i = 0; i < kSteps; ++i)
    steps_[i] += other.steps_[i];
}

void Distribution::coarsen() {
  steps_.resize(kSteps);
  for (const int64_t number : exact_)
    ++steps_[step_of(static_cast<uint64_t>(std::max<int64_t>(number, 0)))];
  exact_.clear();
  exact_.shrink_to_fit();
}

/// Numbers below 2^kFractionBits have a step each; of larger ones the leading bits count.
size_t Distribution::step_of(uint64_t number) noexcept {
  const auto bits = static_cast<unsigned>(std::bit_width(number));
  if (bits <= kFractionBits) return number;
  const unsigned shift = bits - kFractionBits - 1;
  const uint64_t leading = number >> shift;  // 1 and kFractionBits bits
  return (size_t{shift} << kFractionBits) + leading;
}

/// The largest number of the step.
int64_t Distribution::end_of(size_t step) noexcept {
  if (step < size_t{2} << kFractionBits) return static_cast<int64_t>(step);
  const size_t shift = (step >> kFractionBits) - 1;
  const uint64_t leading = step - (shift << kFractionBits);
  return static_cast<int64_t>(((leading + 1) << shift) - 1);
}

int64_t Distribution::p95() const {
  if (count_ == 0) return 0;
  const uint64_t rank = rank_of(count_);
  if (is_exact()) {
    std::vector<int64_t> sorted = exact_;
    const auto nth = sorted.begin() + static_cast<ptrdiff_t>(rank - 1);
    std::nth_element(sorted.begin(), nth, sorted.end());
    return *nth;
  }
  uint64_t seen = 0;
  for (size_t step = 0; step < kSteps; ++step) {
    seen += steps_[step];
    if (seen >= rank) return end_of(step);
  }
  return INT64_MAX;
}

void Accumulator::add(int64_t number, bool with_distribution) {
  ++count_;
  sum_ += number;
  min_ = std::min(min_, number);
  max_ = std::max(max_, number);
  if (!with_distribution) return;
  if (!distribution_) distribution_ = std::make_unique<Distribution>();
  distribution_->add(number);
}

void Accumulator::merge(const Accumulator& other) {
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  if (!other.distribution_) return;
  if (!distribution_) distribution_ = std::make_unique<Distribution>();
  distribution_->merge(*other.distribution_);
}

}  // namespace pktana::query
