// SPDX-License-Identifier: Apache-2.0
// What one TCP segment says of the connection's health: the rules of docs/tcp-quality.md, which are
// those of Wireshark's tcp.analysis. Pure: looks at what both sides have sent so far, changes
// nothing.
#pragma once

#include <cstdint>

#include "flow/tcp_timing.h"

namespace pktana::flow {

/// Bits; a segment may have several.
using SegmentSigns = uint16_t;
inline constexpr SegmentSigns kSignRetransmit = 0x01;
inline constexpr SegmentSigns kSignFast = 0x02;      ///< with kSignRetransmit
inline constexpr SegmentSigns kSignSpurious = 0x04;  ///< with kSignRetransmit
inline constexpr SegmentSigns kSignOutOfOrder = 0x08;
inline constexpr SegmentSigns kSignKeepAlive = 0x10;
inline constexpr SegmentSigns kSignDuplicateAck = 0x20;
inline constexpr SegmentSigns kSignZeroWindow = 0x40;
inline constexpr SegmentSigns kSignGap = 0x80;     ///< begins behind the number that was expected
inline constexpr SegmentSigns kSignProbe = 0x100;  ///< one byte into a closed window
/// Begins before the number that was expected: signs_of_repeat() knows more.
inline constexpr SegmentSigns kSignRepeat = 0x200;
/// Signs that need an anomaly block.
inline constexpr SegmentSigns kSignsCounted = 0xFF;

struct JudgedSegment {
  uint32_t seq = 0;
  uint32_t ack = 0;
  uint32_t payload_len = 0;
  uint32_t now_us = 0;
  uint16_t window = 0;
  uint8_t flags = 0;
};

/// What else a segment is judged by that begins too early.
struct RepeatContext {
  uint32_t reorder_us = 0;     ///< what comes so soon after the highest number was reached is late,
                               ///< not sent again
  uint32_t peer_acked_us = 0;  ///< with peer_duplicate_run: when the peer's last segment came
  uint8_t peer_duplicate_run = 0;  ///< the peer's duplicate ACKs in a row
};

/// @param own what the sender has sent, @param other its peer, both up to now.
[[nodiscard]] SegmentSigns signs_of(const JudgedSegment& segment, const TcpHalf& own,
                                    const TcpHalf& other) noexcept;

/// What to put in place of kSignRepeat.
[[nodiscard]] SegmentSigns signs_of_repeat(const JudgedSegment& segment, const TcpHalf& own,
                                           const TcpHalf& other,
                                           const RepeatContext& context) noexcept;

}  // namespace pktana::flow
