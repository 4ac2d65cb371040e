// SPDX-License-Identifier: Apache-2.0
// Names of IP protocols, spelt as Suricata's EVE spells them.
#pragma once

#include <cstdint>
#include <string_view>

namespace pktana::flow {

/// "TCP", "UDP", "ICMP", "IPv6-ICMP", "IP-in-IP", ... Numbers above 143 have no name in EVE: they
/// are given in decimal, as text. Lifetime: static.
[[nodiscard]] std::string_view protocol_name(uint8_t protocol) noexcept;

}  // namespace pktana::flow
