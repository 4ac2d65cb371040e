// SPDX-License-Identifier: Apache-2.0
// What the kernel does with a classic BPF program on a packet socket, in so far as filters use it:
// the packet's VLAN tag is beside its bytes. Lets tests run kernel programs without the right to
// open a packet socket.
#pragma once

#include <cstdint>
#include <span>

#include <linux/filter.h>

#include "base/bytes.h"

namespace pktana::tests {

struct KernelPacket {
  base::Bytes bytes;       ///< without the tag
  uint16_t vlan_tpid = 0;  ///< 0 = none
  uint16_t vlan_tci = 0;
  uint32_t packet_type = 0;    ///< PACKET_ of linux/if_packet.h
  uint32_t hardware_type = 1;  ///< ARPHRD_
  uint32_t protocol = 0;       ///< EtherType
  size_t network_offset = 0;   ///< where SKF_NET_OFF is in the bytes
};

/// Bytes of the packet that the program keeps; 0 = rejected. Asserts that the kernel would take the
/// program: jumps forward and inside, a return at the end, at most 4096 instructions.
[[nodiscard]] uint32_t run_in_kernel(std::span<const sock_filter> program,
                                     const KernelPacket& packet);

}  // namespace pktana::tests
