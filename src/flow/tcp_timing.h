// SPDX-License-Identifier: Apache-2.0
// Round trips and response times: what a segment begins and ends of them, for TcpQualityTracker and
// tcp_in_order.h.
#pragma once

#include <cstdint>

#include "flow/flow_ref.h"
#include "flow/sequence.h"

namespace pktana::flow {

/// No time of TcpHalf gets older than this, so that differences stay below 2^31.
inline constexpr uint32_t kOldestUs = uint32_t{1} << 30;

/// From an earlier to a later time; 0 where that goes back.
constexpr uint32_t elapsed_us(uint32_t from_us, uint32_t to_us) noexcept {
  const auto elapsed = static_cast<int32_t>(to_us - from_us);
  return elapsed > 0 ? static_cast<uint32_t>(elapsed) : 0;
}

/// Whether an acknowledgment ends the side's sample.
[[nodiscard]] inline bool ends_sample(const TcpHalf& timed, uint32_t ack) noexcept {
  return (timed.flags & kTimed) != 0 && !seq_before(ack, timed.timed_end);
}

/// Ends the side's sample, as ends_sample() says. One that took too long is none.
void end_sample(const FlowRef& flow, Direction side, uint32_t now_us) noexcept;

/// New data of the side, up to `end`: begins a sample unless one runs.
inline void begin_sample(TcpHalf& own, uint32_t end, uint32_t now_us) noexcept {
  if ((own.flags & kTimed) != 0) return;
  own.timed_end = end;
  own.timed_us = now_us;
  own.flags |= kTimed;
}

/// Payload of the side, on a connection whose first response has not come.
void time_response(const FlowRef& flow, Direction side, uint32_t now_us) noexcept;

}  // namespace pktana::flow
