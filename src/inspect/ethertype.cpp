// SPDX-License-Identifier: Apache-2.0
// From EtherTypes to the functions that read what they announce.
#include "parse/ethertype.h"

#include "inspect/protocols.h"

namespace pktana::inspect {

Next dissect_ethertype(Walk& walk, uint32_t type) {
  if (walk.left() == 0) return {};
  switch (type) {
    case parse::kEtherTypeIpv4:
      return {dissect_ipv4};
    case parse::kEtherTypeIpv6:
      return {dissect_ipv6};
    case parse::kEtherTypeArp:
    case parse::kEtherTypeRarp:
      return {dissect_arp, type};
    case parse::kEtherTypeVlan:
    case parse::kEtherTypeServiceVlan:
    case parse::kEtherTypeOldQinq:
      return {dissect_vlan};
    case parse::kEtherTypeTransparentEthernet:
      return {dissect_ethernet};
    case parse::kEtherTypePpp:
      return {dissect_ppp};
    case parse::kEtherTypeMpls:
    case parse::kEtherTypeMplsMulticast:
      return {dissect_mpls};
    case parse::kEtherTypePppoeDiscovery:
    case parse::kEtherTypePppoeSession:
      return {dissect_pppoe, type};
    case parse::kEtherTypeEapol:
      return {dissect_eapol};
    case parse::kEtherTypeLldp:
      return {dissect_lldp};
    case parse::kEtherTypePbb:
      return {dissect_pbb};
    case parse::kEtherTypeMacsec:
      return {dissect_macsec};
    case parse::kEtherTypeVnTag:
      return {dissect_vntag};
    case parse::kEtherTypeETag:
      return {dissect_etag};
    case parse::kEtherTypeNsh:
      return {dissect_nsh};
    default:
      return {};
  }
}

}  // namespace pktana::inspect
