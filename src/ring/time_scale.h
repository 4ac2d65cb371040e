// SPDX-License-Identifier: Apache-2.0
// Ticks of a pcapng interface (if_tsresol, if_tsoffset) to nanoseconds since the epoch.
#pragma once

#include <cstdint>

namespace pktana::ring {

/// Times outside +-2^62 ns (1823 to 2116) are set to that limit, so that whoever adds a timeout to
/// a packet's time or takes a difference cannot overflow, whatever a file says.
inline constexpr int64_t kMaxTimeNs = int64_t{1} << 62;

class TimeScale {
 public:
  /// @param resolution  if_tsresol: 10^-n seconds, or 2^-n with the top bit set. 6, microseconds,
  /// is the default.
  /// @param offset_s  if_tsoffset: seconds to add.
  explicit TimeScale(uint8_t resolution = 6, int64_t offset_s = 0) noexcept;

  [[nodiscard]] int64_t to_ns(uint64_t ticks) const noexcept {
    if (ticks < exact_ticks_end_) [[likely]] {
      return offset_ns_ + static_cast<int64_t>(ticks) * ns_per_tick_;
    }
    return to_ns_slowly(ticks);
  }

 private:
  [[nodiscard]] int64_t to_ns_slowly(uint64_t ticks) const noexcept;

  uint8_t resolution_;
  int64_t offset_s_;
  // For whole nanoseconds per tick and sane times; exact_ticks_end_ stays 0 otherwise.
  uint64_t exact_ticks_end_ = 0;
  int64_t ns_per_tick_ = 0;
  int64_t offset_ns_ = 0;
};

}  // namespace pktana::ring
