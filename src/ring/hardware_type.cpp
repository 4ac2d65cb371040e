// SPDX-License-Identifier: Apache-2.0
#include "ring/hardware_type.h"

#include <linux/if_arp.h>

namespace pktana::ring {
namespace {
constexpr uint16_t kLinkTypeCiscoHdlc = 104;
constexpr uint16_t kLinkTypeIeee80211 = 105;
constexpr uint16_t kLinkTypePrism = 119;
constexpr uint16_t kLinkTypeRadiotap = 127;
constexpr uint16_t kLinkTypeFddi = 10;
}  // namespace

uint16_t link_type_of(uint16_t hardware_type) noexcept {
  switch (hardware_type) {
    case ARPHRD_ETHER:
    case ARPHRD_EETHER:
    case ARPHRD_LOOPBACK:
      return kLinkTypeEthernet;
    case ARPHRD_NONE:
    case ARPHRD_RAWIP:
    case ARPHRD_PPP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE:
    case ARPHRD_IP6GRE:
    case ARPHRD_SLIP:
    case ARPHRD_CSLIP:
      return kLinkTypeRaw;
    case ARPHRD_HDLC:
      return kLinkTypeCiscoHdlc;
    case ARPHRD_FDDI:
      return kLinkTypeFddi;
    case ARPHRD_IEEE80211:
      return kLinkTypeIeee80211;
    case ARPHRD_IEEE80211_PRISM:
      return kLinkTypePrism;
    case ARPHRD_IEEE80211_RADIOTAP:
      return kLinkTypeRadiotap;
    default:
      return kLinkTypeUnknown;
  }
}

}  // namespace pktana::ring
