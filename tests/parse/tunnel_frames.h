// SPDX-License-Identifier: Apache-2.0
// What the tunnel tests put inside and around.
#pragma once

#include "parse/ethertype.h"
#include "support/packet_builder.h"

namespace pktana::parse {

/// Destination port of the packets inside.
inline constexpr uint16_t kInnerPort = 9999;

inline const support::Octets kInner4 =
    support::ipv4({.src = "172.16.0.1", .dst = "172.16.0.2"},
                  support::udp({.dst_port = kInnerPort}, support::text("hello")));
inline const support::Octets kInner6 =
    support::ipv6({.src = "fd00::1", .dst = "fd00::2"},
                  support::udp({.dst_port = kInnerPort}, support::text("hello")));

/// Ethernet frame with an IPv4 UDP packet to `port`.
inline support::Octets over_udp(uint16_t port, const support::Octets& payload) {
  return support::ethernet(kEtherTypeIpv4,
                           support::ipv4({}, support::udp({.dst_port = port}, payload)));
}

/// Ethernet frame with an IPv4 GRE packet: `header` in hex.
inline support::Octets over_gre(const char* header, const support::Octets& payload) {
  return support::ethernet(
      kEtherTypeIpv4,
      support::ipv4({.protocol = 47}, support::joined(support::hex(header), payload)));
}

}  // namespace pktana::parse
