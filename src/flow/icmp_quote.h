// SPDX-License-Identifier: Apache-2.0
// ICMP errors quote the packet that they are about (RFC 792, RFC 4443 section 2.4): which flow that
// packet belongs to, so that the flow's record can say what came back.
#pragma once

#include <cstdint>
#include <optional>

#include "flow/flow_key.h"
#include "parse/packet.h"

namespace pktana::flow {

struct IcmpQuote {
  FlowKey key;  ///< of the quoted packet, the same for both of its directions
  uint64_t hash = 0;
  uint8_t type = 0;  ///< of the error
  uint8_t code = 0;
};

/// Unreachable, time exceeded, packet too big, ...: the messages that quote a packet.
[[nodiscard]] bool is_icmp_error(const parse::Packet& packet) noexcept;

/// @param error  a packet for which is_icmp_error() holds.
/// @param domain of its own key: the quoted packet went through the same VLANs, and, unless it
///               shows tunnels of its own, the same tunnels.
/// @return none if too little is quoted to name a flow. Cost: that of decoding another packet.
[[nodiscard]] std::optional<IcmpQuote> read_icmp_quote(const parse::Packet& error, uint64_t domain,
                                                       KeyOptions options,
                                                       const base::HashSecret& secret) noexcept;

}  // namespace pktana::flow
