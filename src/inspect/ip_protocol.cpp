// SPDX-License-Identifier: Apache-2.0
// From IP protocol numbers to the functions that read what they announce.
#include "parse/ip_protocol.h"

#include "inspect/protocols.h"

namespace pktana::inspect {
namespace {

constexpr uint32_t kIgmp = 2;
constexpr uint32_t kUdpLite = 136;
constexpr uint32_t kMplsInIp = 137;
constexpr uint32_t kEthernet = 143;

Next extension(uint32_t protocol) {
  switch (protocol) {
    case parse::kIpProtoHopByHop:
      return {dissect_hop_by_hop};
    case parse::kIpProtoRouting:
      return {dissect_routing};
    case parse::kIpProtoFragment:
      return {dissect_fragment};
    case parse::kIpProtoDestOptions:
      return {dissect_destination_options};
    case parse::kIpProtoMobility:
    case parse::kIpProtoHip:
    case parse::kIpProtoShim6:
      return {dissect_other_extension, protocol};
    default:
      return {};
  }
}

}  // namespace

Next dissect_ip_protocol(Walk& walk, uint32_t protocol) {
  walk.ip.protocol = static_cast<uint8_t>(protocol);
  if (walk.left() == 0 && walk.sent_left() == 0 && protocol != parse::kIpProtoTcp &&
      protocol != parse::kIpProtoUdp)
    return {};
  switch (protocol) {
    case parse::kIpProtoTcp:
      return {dissect_tcp};
    case parse::kIpProtoUdp:
    case kUdpLite:
      return {dissect_udp, protocol};
    case parse::kIpProtoIcmp:
      return {dissect_icmp};
    case parse::kIpProtoIcmpv6:
      return {dissect_icmpv6};
    case kIgmp:
      return {dissect_igmp};
    case parse::kIpProtoIpv4:
      return {dissect_ipv4};
    case parse::kIpProtoIpv6:
      return {dissect_ipv6};
    case parse::kIpProtoGre:
      return {dissect_gre};
    case parse::kIpProtoEsp:
      return {dissect_esp};
    case parse::kIpProtoAh:
      return {dissect_ah};
    case parse::kIpProtoSctp:
      return {dissect_sctp};
    case kMplsInIp:
      return {dissect_mpls};
    case kEthernet:
      return {dissect_ethernet};
    default:
      return walk.ip.version == 6 ? extension(protocol) : Next{};
  }
}

Next dissect_ip(Walk& walk, uint32_t) {
  if (walk.left() == 0) return {};
  const unsigned version = walk.rest()[0] >> 4;
  if (version == 4) return {dissect_ipv4};
  if (version == 6) return {dissect_ipv6};
  walk.add(Finding{.severity = Severity::Error,
                   .layer = "payload",
                   .code = "bad_version",
                   .offset = static_cast<uint32_t>(walk.at()),
                   .length = 1,
                   .why = "an IP packet should be here, but its version is neither 4 nor 6"});
  return {};
}

}  // namespace pktana::inspect
