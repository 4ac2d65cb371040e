// SPDX-License-Identifier: Apache-2.0
// What the TCP trackers of a flow look at in one segment.
#pragma once

#include <cstdint>

#include "flow/flow_record.h"
#include "flow/sequence.h"

namespace pktana::flow {

inline constexpr uint8_t kTcpFin = 0x01;
inline constexpr uint8_t kTcpSyn = 0x02;
inline constexpr uint8_t kTcpRst = 0x04;
inline constexpr uint8_t kTcpAck = 0x10;

struct TcpSegment {
  uint32_t seq = 0;
  uint32_t ack = 0;
  uint32_t payload_len = 0;
  uint16_t window = 0;  ///< as sent, not scaled
  uint8_t flags = 0;
  Direction direction = kToServer;
};

}  // namespace pktana::flow
