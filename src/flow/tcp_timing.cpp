// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_timing.h"

#include "flow/round_trips.h"

namespace pktana::flow {

void end_sample(const FlowRef& flow, Direction side, uint32_t now_us) noexcept {
  TcpHalf& timed = flow.tcp.side[side];
  const bool is_void = (timed.flags & kTimedVoid) != 0;
  timed.flags = static_cast<uint16_t>(timed.flags & ~(kTimed | kTimedVoid));
  const uint32_t rtt_us = elapsed_us(timed.timed_us, now_us);
  if (is_void || rtt_us >= kOldestUs) return;
  add_round_trip(flow, side, rtt_us);
}

void time_response(const FlowRef& flow, Direction side, uint32_t now_us) noexcept {
  TcpHalf& client = flow.tcp.side[kToServer];
  const bool asked = (client.flags & kRequestSeen) != 0;
  if (side == kToServer && !asked) {
    client.flags |= kRequestSeen;
    flow.tail.response_us = now_us;
  }
  if (side != kToClient || !asked) return;
  const uint32_t response_us = elapsed_us(flow.tail.response_us, now_us);
  if (response_us >= kOldestUs) return;
  flow.tail.response_us = response_us;
  flow.hot.response_known = true;
}

}  // namespace pktana::flow
