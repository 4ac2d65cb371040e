// SPDX-License-Identifier: Apache-2.0
// The time that packets bring. It goes forward with them; a late packet does not turn it back, but
// a file that is older than the one before, or a machine's clock put right, does: else each packet
// would seem to come after the timeout of its flow.
#pragma once

#include <cstdint>
#include <limits>

#include "base/clock.h"

namespace pktana::flow {

class PacketClock {
 public:
  static constexpr int64_t kNoTime = std::numeric_limits<int64_t>::min();
  /// Packets may come in later than others by so much; more is a step back.
  static constexpr int64_t kMaxLatenessNs = 60 * base::kNsPerSecond;

  /// Takes a packet's time, or the wall clock of a silent link. Returns true if time stepped back.
  bool see(int64_t ts_ns) noexcept {
    const bool steps_back = would_step_back(ts_ns);
    if (ts_ns > now_ns_ || steps_back) now_ns_ = ts_ns;
    return steps_back;
  }

  /// What see() would say.
  [[nodiscard]] bool would_step_back(int64_t ts_ns) const noexcept {
    return elapsed(ts_ns, now_ns_) > uint64_t{kMaxLatenessNs} && now_ns_ != kNoTime;
  }

  /// kNoTime before the first packet.
  [[nodiscard]] int64_t now_ns() const noexcept { return now_ns_; }

  /// From `since_ns` until now; 0 when that is still to come.
  [[nodiscard]] uint64_t since(int64_t since_ns) const noexcept {
    return elapsed(since_ns, now_ns_);
  }

  /// From one time to another, 0 when that goes back. Defined for any two values.
  [[nodiscard]] static uint64_t elapsed(int64_t from_ns, int64_t to_ns) noexcept {
    return to_ns > from_ns ? static_cast<uint64_t>(to_ns) - static_cast<uint64_t>(from_ns) : 0;
  }

 private:
  int64_t now_ns_ = kNoTime;
};

}  // namespace pktana::flow
