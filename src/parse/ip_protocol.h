// SPDX-License-Identifier: Apache-2.0
// IANA "Assigned Internet Protocol Numbers" that decode() acts on: IPv4 protocol, IPv6 next header.
#pragma once

#include <cstdint>

namespace pktana::parse {

inline constexpr uint8_t kIpProtoHopByHop = 0;
inline constexpr uint8_t kIpProtoIcmp = 1;
inline constexpr uint8_t kIpProtoIpv4 = 4;
inline constexpr uint8_t kIpProtoTcp = 6;
inline constexpr uint8_t kIpProtoUdp = 17;
inline constexpr uint8_t kIpProtoIpv6 = 41;
inline constexpr uint8_t kIpProtoRouting = 43;
inline constexpr uint8_t kIpProtoFragment = 44;
inline constexpr uint8_t kIpProtoGre = 47;
inline constexpr uint8_t kIpProtoEsp = 50;
inline constexpr uint8_t kIpProtoAh = 51;
inline constexpr uint8_t kIpProtoIcmpv6 = 58;
inline constexpr uint8_t kIpProtoNoNext = 59;
inline constexpr uint8_t kIpProtoDestOptions = 60;
inline constexpr uint8_t kIpProtoSctp = 132;
inline constexpr uint8_t kIpProtoMobility = 135;
inline constexpr uint8_t kIpProtoHip = 139;
inline constexpr uint8_t kIpProtoShim6 = 140;

}  // namespace pktana::parse
