// SPDX-License-Identifier: Apache-2.0
// Which end of a flow began, told from the first packet that was seen of it.
#pragma once

#include "flow/flow_packet.h"
#include "flow/flow_record.h"

namespace pktana::flow {

/// Who began, and how that is known.
struct Initiator {
  bool is_sender = true;
  InitiatorBasis basis = InitiatorBasis::FirstPacket;
};

/// TCP by its flags, ICMP by request and reply; else the end with a service port is the responder:
/// ports below 1024 (RFC 6335 section 6), DHCP's client ports excepted, and servers of tunnels.
[[nodiscard]] Initiator initiator_of(const FlowPacket& packet) noexcept;

}  // namespace pktana::flow
