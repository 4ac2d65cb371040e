// SPDX-License-Identifier: Apache-2.0
// How long a flow lives without packets, by protocol and state. Defaults are the ones Suricata
// ships, so that the records of both compare.
#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"
#include "flow/flow_entry.h"

namespace pktana::flow {

/// Seconds as ns, for one protocol class.
struct StateTimeouts {
  int64_t new_ns = 30 * base::kNsPerSecond;
  int64_t established_ns = 300 * base::kNsPerSecond;
  int64_t closed_ns = 0;  ///< TCP only
};

struct Timeouts {
  StateTimeouts tcp{.new_ns = 60 * base::kNsPerSecond,
                    .established_ns = 600 * base::kNsPerSecond,
                    .closed_ns = 60 * base::kNsPerSecond};
  StateTimeouts udp{};
  StateTimeouts icmp{};
  StateTimeouts other{};

  /// The same idle timeout for every protocol, open flows of any state (--idle-timeout); closed
  /// ones keep theirs.
  [[nodiscard]] static Timeouts uniform(int64_t idle_ns) noexcept;
};

inline constexpr unsigned kTimeoutClassCount = 12;

[[nodiscard]] TimeoutClass timeout_class(uint8_t protocol, FlowState state) noexcept;

[[nodiscard]] inline FlowState state_of(TimeoutClass timeout_class) noexcept {
  return static_cast<FlowState>(timeout_class % 3);
}

/// Timeouts as an array indexed by TimeoutClass.
[[nodiscard]] std::array<int64_t, kTimeoutClassCount> by_class(const Timeouts& timeouts) noexcept;

}  // namespace pktana::flow
