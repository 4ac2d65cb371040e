// SPDX-License-Identifier: Apache-2.0
#include "parse/packet.h"

namespace pktana::parse {

std::string_view to_string(Layer layer) noexcept {
  switch (layer) {
    case Layer::Link:
      return "link";
    case Layer::Vlan:
      return "vlan";
    case Layer::Pppoe:
      return "pppoe";
    case Layer::Arp:
      return "arp";
    case Layer::Ipv4:
      return "ipv4";
    case Layer::Ipv6:
      return "ipv6";
    case Layer::Ipv6Extension:
      return "ipv6_extension";
    case Layer::Tcp:
      return "tcp";
    case Layer::Udp:
      return "udp";
    case Layer::Icmp:
      return "icmp";
    case Layer::Icmpv6:
      return "icmpv6";
    case Layer::Sctp:
      return "sctp";
    case Layer::Tunnel:
      return "tunnel";
  }
  return "unknown";
}

std::string_view to_string(NonIp type) noexcept {
  switch (type) {
    case NonIp::ArpRequest:
      return "arp_request";
    case NonIp::ArpReply:
      return "arp_reply";
    case NonIp::ArpOther:
      return "arp_other";
    case NonIp::Llc:
      return "llc";
    case NonIp::Stp:
      return "stp";
    case NonIp::Lldp:
      return "lldp";
    case NonIp::PppoeDiscovery:
      return "pppoe_discovery";
    case NonIp::PppControl:
      return "ppp_control";
    case NonIp::Eapol:
      return "eapol";
    case NonIp::Mpls:
      return "mpls";
    case NonIp::Macsec:
      return "macsec";
    case NonIp::WirelessControl:
      return "wireless_control";
    case NonIp::Other:
      return "other";
  }
  return "unknown";
}

}  // namespace pktana::parse
