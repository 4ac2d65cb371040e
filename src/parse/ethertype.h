// SPDX-License-Identifier: Apache-2.0
// EtherType values (IEEE 802 numbers) that decode() acts on. Ethernet, VLAN tags, SNAP, SLL, GRE
// and others use them.
#pragma once

#include <cstdint>

namespace pktana::parse {

/// 0x0000-0x05DC in the type field is an 802.3 length; 0x05DD-0x05FF is nothing; from 0x0600 on it
/// is a type.
inline constexpr uint16_t kMax8023Length = 1500;

inline constexpr uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr uint16_t kEtherTypeTransparentEthernet =
    0x6558;  ///< an Ethernet frame (GRE, Geneve)
inline constexpr uint16_t kEtherTypeArp = 0x0806;
inline constexpr uint16_t kEtherTypeRarp = 0x8035;
inline constexpr uint16_t kEtherTypeVlan = 0x8100;
inline constexpr uint16_t kEtherTypeIpv6 = 0x86DD;
inline constexpr uint16_t kEtherTypePpp = 0x880B;
inline constexpr uint16_t kEtherTypeMpls = 0x8847;
inline constexpr uint16_t kEtherTypeMplsMulticast = 0x8848;
inline constexpr uint16_t kEtherTypePppoeDiscovery = 0x8863;
inline constexpr uint16_t kEtherTypePppoeSession = 0x8864;
inline constexpr uint16_t kEtherTypeEapol = 0x888E;
inline constexpr uint16_t kEtherTypeServiceVlan = 0x88A8;  ///< 802.1ad
inline constexpr uint16_t kEtherTypePbb = 0x88E7;
inline constexpr uint16_t kEtherTypeFabricPath = 0x8903;
inline constexpr uint16_t kEtherTypeLldp = 0x88CC;
inline constexpr uint16_t kEtherTypeMacsec = 0x88E5;
inline constexpr uint16_t kEtherTypeVnTag = 0x8926;
inline constexpr uint16_t kEtherTypeETag = 0x893F;
inline constexpr uint16_t kEtherTypeNsh = 0x894F;
inline constexpr uint16_t kEtherTypeOldQinq = 0x9100;

/// Whether `type` announces a VLAN tag.
[[nodiscard]] constexpr bool is_vlan_tpid(uint16_t type) noexcept {
  return type == kEtherTypeVlan || type == kEtherTypeServiceVlan || type == kEtherTypeOldQinq;
}

}  // namespace pktana::parse
