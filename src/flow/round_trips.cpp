// SPDX-License-Identifier: Apache-2.0
#include "flow/round_trips.h"

#include <algorithm>

namespace pktana::flow {
namespace {

constexpr unsigned kInLongBlock = 3;

unsigned samples_of(const TcpHalf& side) noexcept { return side.flags >> kSamplesShift; }

void set_samples(TcpHalf& side, unsigned count) noexcept {
  constexpr unsigned kOthers = (1U << kSamplesShift) - 1;
  side.flags = static_cast<uint16_t>((side.flags & kOthers) | count << kSamplesShift);
}

}  // namespace

void add_round_trip(const FlowRef& flow, Direction side, uint32_t rtt_us) noexcept {
  TcpHalf& own = flow.tcp.side[side];
  uint32_t& sum_us = flow.tcp.rtt_sum_us[side];
  uint32_t& min_us = flow.tail.rtt_min_us[side];
  const unsigned before = samples_of(own);
  if (before == 0) {
    sum_us = rtt_us;
    return set_samples(own, 1);
  }
  if (before == 1) {
    min_us = std::min(sum_us, rtt_us);
    sum_us += rtt_us;  // each is less than 2^30
    return set_samples(own, 2);
  }
  LongBlock& block = flow.long_block();
  if (before == 2) {
    block.rtt_count[side] = 2;
    block.rtt_max_us[side] = sum_us - min_us;
    set_samples(own, kInLongBlock);
  }
  ++block.rtt_count[side];
  block.rtt_max_us[side] = std::max(block.rtt_max_us[side], rtt_us);
  min_us = std::min(min_us, rtt_us);
  if (__builtin_add_overflow(sum_us, rtt_us, &sum_us)) ++block.rtt_sum_high[side];
}

RttSamples round_trips_of(const FlowView& flow, Direction side) noexcept {
  const unsigned count = samples_of(flow.tcp.side[side]);
  const uint32_t sum_us = flow.tcp.rtt_sum_us[side];
  const uint32_t min_us = flow.tail.rtt_min_us[side];
  if (count == 0) return {};
  if (count == 1) return {.sum_us = sum_us, .count = 1, .min_us = sum_us, .max_us = sum_us};
  if (count == 2)
    return {.sum_us = sum_us, .count = 2, .min_us = min_us, .max_us = sum_us - min_us};
  const LongBlock& block = *flow.long_block();
  return {.sum_us = uint64_t{block.rtt_sum_high[side]} << 32 | sum_us,
          .count = block.rtt_count[side],
          .min_us = min_us,
          .max_us = block.rtt_max_us[side]};
}

void forget_round_trips(const FlowRef& flow) noexcept {
  for (const Direction side : {kToServer, kToClient})
    set_samples(flow.tcp.side[side], 0);
  if (LongBlock* const block = flow.long_block_if_any(); block != nullptr) block->rtt_sum_high = {};
}

}  // namespace pktana::flow
