// SPDX-License-Identifier: Apache-2.0
// Addresses that many hosts listen to.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace pktana::flow {

/// IPv4 224.0.0.0/4 and 255.255.255.255 (a subnet's own broadcast can't be known), IPv6 ff00::/8.
/// @param address 4 or 16 bytes in network order.
[[nodiscard]] inline bool is_group_address(uint8_t ip_version, const uint8_t* address) noexcept {
  if (ip_version == 4)
    return (address[0] & 0xF0) == 0xE0 || base::load_raw<uint32_t>(address) == 0xFFFFFFFFU;
  return address[0] == 0xFF;
}

}  // namespace pktana::flow
