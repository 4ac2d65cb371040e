// SPDX-License-Identifier: Apache-2.0
// Frames for the tests of filters: small, of every VLAN form, as they are on the wire and as the
// kernel shows them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace pktana::tests {

struct WireFrame {
  std::string name;
  std::vector<uint8_t> wire;    ///< tags in the bytes
  std::vector<uint8_t> live{};  ///< the outer 802.1Q or 802.1ad tag taken out, as the kernel does
  uint16_t vlan_tpid = 0;       ///< that tag; 0 = there is none
  uint16_t vlan_tci = 0;
};

/// ARP, IPv4 and IPv6 with UDP, TCP, ICMP and fragments; each bare and with tags 5, 5/7, 7/5,
/// 802.1ad 5 / 802.1Q 7, 0x9100 5, priority 0xE005.
[[nodiscard]] std::vector<WireFrame> filter_frames();

/// Expressions that between them use every kind of instruction that libpcap makes.
[[nodiscard]] std::vector<std::string> filter_expressions();

}  // namespace pktana::tests
