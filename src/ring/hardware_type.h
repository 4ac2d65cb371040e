// SPDX-License-Identifier: Apache-2.0
// What frames of a kind of interface look like: ARPHRD_ value of the kernel to LINKTYPE_ value of
// captures. Used by the rings and by the list of interfaces.
#pragma once

#include <cstdint>

namespace pktana::ring {

inline constexpr uint16_t kLinkTypeEthernet = 1;
inline constexpr uint16_t kLinkTypeRaw = 101;
/// No decoder knows it: packets of such an interface count as undecodable.
inline constexpr uint16_t kLinkTypeUnknown = 0xFFFF;

/// LINKTYPE_ of what a SOCK_RAW packet socket gives for an interface of this kind (linux/if_arp.h).
/// Interfaces without a link-layer header (tun, WireGuard, PPP, IP tunnels) give bare IP packets.
[[nodiscard]] uint16_t link_type_of(uint16_t hardware_type) noexcept;

}  // namespace pktana::ring
