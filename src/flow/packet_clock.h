// SPDX-License-Identifier: Apache-2.0
// The time that packets bring. It goes forward with them; a late packet does not turn it back, but
// a file that is older than the one before, or a machine's clock put right, does: else each packet
// would seem to come after the timeout of its flow. Nor does one packet take it far ahead: only
// when a second one says so too was it a silence and not a wrong time.
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

  /// A packet that is further ahead than this waits for another one to bear it out.
  static constexpr int64_t kMaxLeapNs = 60 * base::kNsPerSecond;

  /// Takes a packet's time. Returns true if time stepped back.
  bool see(int64_t ts_ns) noexcept {
    const bool leaps = elapsed(now_ns_, ts_ns) > uint64_t{kMaxLeapNs} && now_ns_ != kNoTime;
    if (leaps) [[unlikely]]
      return on_leap(ts_ns);
    leap_ns_ = kNoTime;
    return set(ts_ns);
  }

  /// Takes a time that is no packet's: the wall clock of a silent link. Returns as see().
  bool set(int64_t ts_ns) noexcept {
    const bool steps_back = would_step_back(ts_ns);
    if (ts_ns > now_ns_ || steps_back) now_ns_ = ts_ns;
    return steps_back;
  }

  /// No packet will come to bear out the last one, so it is believed: the capture is over.
  void settle() noexcept {
    if (leap_ns_ != kNoTime) now_ns_ = leap_ns_;
    leap_ns_ = kNoTime;
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
  /// It is at least as late as two packets in a row say.
  bool on_leap(int64_t ts_ns) noexcept {
    const bool borne_out =
        leap_ns_ != kNoTime && elapsed(ts_ns, leap_ns_) <= uint64_t{kMaxLatenessNs};
    if (borne_out) now_ns_ = ts_ns < leap_ns_ ? ts_ns : leap_ns_;
    const bool still_ahead = elapsed(now_ns_, ts_ns) > uint64_t{kMaxLeapNs};
    leap_ns_ = still_ahead ? ts_ns : kNoTime;
    if (!still_ahead && ts_ns > now_ns_) now_ns_ = ts_ns;
    return false;
  }

  int64_t now_ns_ = kNoTime;
  int64_t leap_ns_ = kNoTime;  ///< time of the last packet, if it was too far ahead
};

}  // namespace pktana::flow
