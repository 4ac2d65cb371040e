// SPDX-License-Identifier: Apache-2.0
// VPNs that are recognised by the shape of their first messages and not looked into any further:
// WireGuard, OpenVPN.
#pragma once

#include "app/dissector.h"

namespace pktana::app::secure {

extern const pktana_dissector kWireGuard;
extern const pktana_dissector kOpenVpn;

/// A message of WireGuard (its protocol paper, section 5.4), by type, reserved bytes and size.
/// Cookie replies have too little of a shape to count.
[[nodiscard]] bool looks_like_wireguard(Bytes datagram) noexcept;

/// The reset that opens an OpenVPN session, of client or server (OpenVPN's network protocol,
/// "reliability layer"): plain, with tls-auth or with tls-crypt.
[[nodiscard]] bool looks_like_openvpn_reset(Bytes packet) noexcept;

}  // namespace pktana::app::secure
