// SPDX-License-Identifier: Apache-2.0
#include "ring/time_scale.h"

#include <algorithm>

#include "base/clock.h"

namespace pktana::ring {
namespace {

__extension__ using Wide = __int128;

constexpr uint8_t kBinary = 0x80;
constexpr unsigned kNsDigits = 9;        ///< 10^-9 s is a nanosecond
constexpr unsigned kMaxTickDigits = 19;  ///< 10^19 fits into 64 bits, 10^20 does not
constexpr int64_t kMaxExactOffsetS = kMaxTimeNs / 2 / base::kNsPerSecond;

constexpr uint64_t power_of_ten(unsigned exponent) noexcept {
  uint64_t power = 1;
  while (exponent-- > 0)
    power *= 10;
  return power;
}

/// Ticks of 10^-digits seconds, rounded down.
Wide decimal_ns(uint64_t ticks, unsigned digits) noexcept {
  if (digits <= kNsDigits) return Wide{ticks} * power_of_ten(kNsDigits - digits);
  if (digits - kNsDigits > kMaxTickDigits) return 0;
  return ticks / power_of_ten(digits - kNsDigits);
}

/// Ticks of 2^-bits seconds, rounded down; 64 + 30 bits fit well.
Wide binary_ns(uint64_t ticks, unsigned bits) noexcept {
  return (Wide{ticks} * base::kNsPerSecond) >> bits;
}

}  // namespace

TimeScale::TimeScale(uint8_t resolution, int64_t offset_s) noexcept
    : resolution_(resolution), offset_s_(offset_s) {
  if (resolution > kNsDigits || offset_s > kMaxExactOffsetS || offset_s < -kMaxExactOffsetS) return;
  ns_per_tick_ = static_cast<int64_t>(power_of_ten(kNsDigits - resolution));
  offset_ns_ = offset_s * base::kNsPerSecond;
  exact_ticks_end_ =
      static_cast<uint64_t>((kMaxTimeNs - std::max<int64_t>(offset_ns_, 0)) / ns_per_tick_);
}

int64_t TimeScale::to_ns_slowly(uint64_t ticks) const noexcept {
  const Wide since_offset = (resolution_ & kBinary) != 0 ? binary_ns(ticks, resolution_ & 0x7fU)
                                                         : decimal_ns(ticks, resolution_);
  const Wide ns = since_offset + Wide{offset_s_} * base::kNsPerSecond;
  return static_cast<int64_t>(std::clamp<Wide>(ns, -kMaxTimeNs, kMaxTimeNs));
}

}  // namespace pktana::ring
