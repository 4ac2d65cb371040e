// SPDX-License-Identifier: Apache-2.0
// The two ends of a packet in the order of the flow key. For make_key(), and for those who tell
// whose packet it is before they decode it.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "flow/flow_key.h"

namespace pktana::flow {

/// One end: 4 or 16 bytes in network order, and the port.
struct KeyEnd {
  const uint8_t* address = nullptr;
  uint16_t port = 0;
};

/// Puts the addresses into the key, in order; ports decide between equal ones. Returns whether the
/// sender is the high end.
[[gnu::always_inline]] inline bool put_ends(uint8_t ip_version, KeyEnd src, KeyEnd dst,
                                            FlowKey& key) noexcept {
  if (ip_version == 4) {
    const uint64_t src_end = uint64_t{base::load_be<uint32_t>(src.address)} << 16 | src.port;
    const uint64_t dst_end = uint64_t{base::load_be<uint32_t>(dst.address)} << 16 | dst.port;
    const bool from_high = src_end > dst_end;
    const uint64_t src_raw = base::load_raw<uint32_t>(src.address);
    const uint64_t dst_raw = base::load_raw<uint32_t>(dst.address);
    key.address[0] = from_high ? dst_raw | src_raw << 32 : src_raw | dst_raw << 32;
    return from_high;
  }
  const int order = std::memcmp(src.address, dst.address, 16);
  const bool from_high = order != 0 ? order > 0 : src.port > dst.port;
  std::memcpy(&key.address[0], from_high ? dst.address : src.address, 16);
  std::memcpy(&key.address[2], from_high ? src.address : dst.address, 16);
  return from_high;
}

/// FlowKey::ports of a protocol that has ports.
[[nodiscard]] inline uint64_t port_word(uint8_t ip_version, uint8_t protocol, uint16_t low_port,
                                        uint16_t high_port) noexcept {
  return uint64_t{low_port} | uint64_t{high_port} << 16 | uint64_t{protocol} << 32 |
         uint64_t{ip_version} << 40;
}

}  // namespace pktana::flow
