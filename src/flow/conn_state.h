// SPDX-License-Identifier: Apache-2.0
// How a TCP connection looks to Zeek: a state for each end, the letters of `history`, content by
// sequence number. Beside tcp_tracker.h, which knows the connection in EVE's words: Zeek judges
// each end by what that end sent, and that can't be derived from the other.
#pragma once

#include <cstdint>

#include "flow/tcp_numbers.h"
#include "flow/tcp_segment.h"

namespace pktana::flow {

/// Updates the ends' states, sequence numbers and history by one segment. To be called before
/// track(), whose FIN of the side it compares with.
void track_ends(const TcpSegment& segment, TcpNumbersRef& numbers) noexcept;

/// Whether neither side's next plain segment in order will add a letter: no tail is needed.
[[nodiscard]] inline bool history_is_settled(const TcpEntry& tcp) noexcept {
  constexpr uint8_t kPlain = kSeenAck | kSeenData;
  return (tcp.side[0].history_seen & tcp.side[1].history_seen & kPlain) == kPlain;
}

/// What a flow that is not TCP looks like: UDP by who has sent, everything else is OTH.
[[nodiscard]] ConnState conn_state_of(uint8_t protocol, bool initiator_sent,
                                      bool responder_sent) noexcept;

/// What a TCP connection looks like now.
[[nodiscard]] ConnState tcp_conn_state(const FlowView& flow) noexcept;

/// Payload that the side sent, or that the other one acknowledged, by sequence numbers: without
/// retransmissions, with what the capture missed. Of this part of the flow, if it was split.
/// @param payload_bytes counted by lengths: tells how often the numbers went around.
[[nodiscard]] uint64_t sequence_bytes(const FlowView& flow, Direction side,
                                      uint64_t payload_bytes) noexcept;

/// A part of a split connection ends here, FlowRef::restart_counters() has been called:
/// sequence_bytes() begins anew.
void begin_part(const FlowRef& flow) noexcept;

}  // namespace pktana::flow
