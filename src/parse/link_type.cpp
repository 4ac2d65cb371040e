// SPDX-License-Identifier: Apache-2.0
#include "parse/link_type.h"

namespace pktana::parse {

std::string_view to_string(LinkType type) noexcept {
  switch (type) {
    case LinkType::Null:
      return "NULL";
    case LinkType::Ethernet:
      return "ETHERNET";
    case LinkType::Ppp:
      return "PPP";
    case LinkType::Fddi:
      return "FDDI";
    case LinkType::RawBsd:
    case LinkType::RawOpenBsd:
    case LinkType::Raw:
      return "RAW";
    case LinkType::PppHdlc:
      return "PPP_HDLC";
    case LinkType::PppEther:
      return "PPP_ETHER";
    case LinkType::CiscoHdlc:
      return "C_HDLC";
    case LinkType::Ieee80211:
      return "IEEE802_11";
    case LinkType::FrameRelay:
      return "FRELAY";
    case LinkType::Loop:
      return "LOOP";
    case LinkType::LinuxSll:
      return "LINUX_SLL";
    case LinkType::Ieee80211Radiotap:
      return "IEEE802_11_RADIOTAP";
    case LinkType::Ipv4:
      return "IPV4";
    case LinkType::Ipv6:
      return "IPV6";
    case LinkType::Nflog:
      return "NFLOG";
    case LinkType::Pktap:
      return "PKTAP";
    case LinkType::LinuxSll2:
      return "LINUX_SLL2";
  }
  return "unknown";
}

}  // namespace pktana::parse
