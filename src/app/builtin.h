// SPDX-License-Identifier: Apache-2.0
// The dissectors that come with pktana, one list a family; the registry joins them.
#pragma once

#include <span>

#include "pktana/plugin.h"

namespace pktana::app {

using DissectorList = std::span<const pktana_dissector* const>;

/// TLS and what else begins encrypted conversations: DTLS, QUIC, SSH, IKE, VPNs.
[[nodiscard]] DissectorList secure_dissectors() noexcept;
/// DNS, HTTP, mail, files, and what hosts need to get along on a network: DHCP, NTP, SNMP.
[[nodiscard]] DissectorList internet_dissectors() noexcept;
/// Databases, directories, message queues, industry, voice, peer to peer.
[[nodiscard]] DissectorList enterprise_dissectors() noexcept;

}  // namespace pktana::app
