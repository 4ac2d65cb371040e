// SPDX-License-Identifier: Apache-2.0
// TCP connection state as an observer in the middle sees it (RFC 9293). The names are the server's
// states, as in EVE: a FIN from the client leads to close_wait, one from the server to fin_wait1.
// Window and sequence checks are not made here: a packet moves the state by its flags and, for the
// last acknowledgments, by its ACK number.
#pragma once

#include <cstdint>

#include "flow/tcp_numbers.h"
#include "flow/tcp_segment.h"

namespace pktana::flow {

/// Updates the numbers and returns the connection's next state.
[[nodiscard]] TcpState track(TcpState state, const TcpSegment& segment,
                             TcpNumbersRef& numbers) noexcept;

/// new, established or closed, as a flow's timeouts and EVE know it.
[[nodiscard]] FlowState flow_state_of(TcpState state) noexcept;

/// Whether the first SYN of another connection arrived: a SYN on a connection that has ended, or
/// one with another initial sequence number than its side has used.
[[nodiscard]] bool is_new_connection(const FlowView& flow, const TcpSegment& segment) noexcept;

}  // namespace pktana::flow
