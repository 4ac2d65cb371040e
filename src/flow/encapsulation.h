// SPDX-License-Identifier: Apache-2.0
// The layers that lie around a flow's IP packets, as plain data that outlives the packet: tunnels
// with their addresses, labels without. The encapsulation table keeps them, writers print them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pktana::parse {
struct Packet;
}

namespace pktana::flow {

/// Tunnels and labels that the decoder keeps, and VLAN tags beyond those that a record has room
/// for.
inline constexpr unsigned kMaxTunnelLayers = 8 + 5;

/// One layer. Padding-free, so that equal layers are equal bytes.
struct TunnelLayer {
  uint8_t type = 0;        ///< parse::TunnelType, see type_name()
  uint8_t ip_version = 0;  ///< 4, 6, or 0 when the layer has no addresses (MPLS, VN-Tag, VLAN)
  uint16_t unused = 0;
  uint32_t id = 0;                ///< VNI, TEID, GRE key, label, session ...
  std::array<uint8_t, 16> src{};  ///< network order; IPv4 in the first four bytes
  std::array<uint8_t, 16> dst{};
  friend bool operator==(const TunnelLayer&, const TunnelLayer&) = default;
};
static_assert(sizeof(TunnelLayer) == 40);

/// "vxlan", "gre", ...; "vlan" for a tag beyond those in the record's `vlan`.
[[nodiscard]] std::string_view type_name(const TunnelLayer& layer) noexcept;

/// Outermost layer first; what lies behind `count` is not valid.
struct Encapsulation {
  uint8_t count = 0;
  std::array<TunnelLayer, kMaxTunnelLayers> layer;
};

/// Whether there is anything to say of what lies around the packet beside its VLAN tags.
[[nodiscard]] bool is_encapsulated(const parse::Packet& packet) noexcept;

/// Fills `out` from the packet: VLAN tags beyond the record's first, then the outer layers.
void copy_encapsulation(const parse::Packet& packet, Encapsulation& out) noexcept;

}  // namespace pktana::flow
