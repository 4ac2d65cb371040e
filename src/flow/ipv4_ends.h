// SPDX-License-Identifier: Apache-2.0
// The two ends of an IPv4 packet in the order of the flow key. For make_key(), and for those who
// tell whose packet it is before they decode it.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace pktana::flow {

struct Ipv4Ends {
  uint64_t address = 0;  ///< FlowKey::address[0]
  bool from_high = false;
};

/// @param src, dst 4 bytes in network order. The ports decide between equal addresses.
[[nodiscard]] inline Ipv4Ends ipv4_ends(const uint8_t* src, uint16_t src_port, const uint8_t* dst,
                                        uint16_t dst_port) noexcept {
  const uint64_t src_end = uint64_t{base::load_be<uint32_t>(src)} << 16 | src_port;
  const uint64_t dst_end = uint64_t{base::load_be<uint32_t>(dst)} << 16 | dst_port;
  const bool from_high = src_end > dst_end;
  const uint64_t src_raw = base::load_raw<uint32_t>(src);
  const uint64_t dst_raw = base::load_raw<uint32_t>(dst);
  return {.address = from_high ? dst_raw | src_raw << 32 : src_raw | dst_raw << 32,
          .from_high = from_high};
}

/// FlowKey::ports of a protocol that has ports.
[[nodiscard]] inline uint64_t port_word(uint8_t ip_version, uint8_t protocol, uint16_t low_port,
                                        uint16_t high_port) noexcept {
  return uint64_t{low_port} | uint64_t{high_port} << 16 | uint64_t{protocol} << 32 |
         uint64_t{ip_version} << 40;
}

}  // namespace pktana::flow
