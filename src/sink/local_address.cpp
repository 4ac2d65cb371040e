// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "sink/geo_database.h"

namespace pktana::sink {
namespace {

struct Ipv4Range {
  uint32_t network;
  unsigned prefix;
};

// IANA's special-purpose registry (RFC 6890): what is not reachable worldwide.
constexpr std::array kIpv4Ranges{
    Ipv4Range{0x00000000, 8},   // "this network"
    Ipv4Range{0x0A000000, 8},   // private
    Ipv4Range{0x64400000, 10},  // shared by carriers
    Ipv4Range{0x7F000000, 8},   // loopback
    Ipv4Range{0xA9FE0000, 16},  // link-local
    Ipv4Range{0xAC100000, 12},  // private
    Ipv4Range{0xC0A80000, 16},  // private
    Ipv4Range{0xE0000000, 3},   // multicast, reserved, broadcast
};

bool is_local_ipv4(uint32_t address) noexcept {
  return std::any_of(kIpv4Ranges.begin(), kIpv4Ranges.end(), [address](const Ipv4Range& range) {
    return (address ^ range.network) >> (32 - range.prefix) == 0;
  });
}

bool is_local_ipv6(const uint8_t* address) noexcept {
  const bool low = std::all_of(address, address + 15, [](uint8_t byte) { return byte == 0; });
  const bool unique_local = (address[0] & 0xFE) == 0xFC;
  const bool link_local = address[0] == 0xFE && (address[1] & 0xC0) == 0x80;
  return (low && address[15] <= 1) || unique_local || link_local || address[0] == 0xFF;
}

}  // namespace

bool is_local_address(const uint8_t* address, uint8_t ip_version) noexcept {
  constexpr uint8_t kIpv4 = 4;
  return ip_version == kIpv4 ? is_local_ipv4(base::load_be<uint32_t>(address))
                             : is_local_ipv6(address);
}

}  // namespace pktana::sink
