// SPDX-License-Identifier: Apache-2.0
// One packet as a source hands it out: borrowed bytes and what the kernel or the file says of them.
#pragma once

#include <cstdint>
#include <type_traits>

namespace pktana::ring {

/// Lifetime: `data` is valid until the next next_batch() of the source that lent it.
struct PacketRef {
  const uint8_t* data = nullptr;
  uint32_t captured_len = 0;
  uint32_t wire_len = 0;   ///< length on the wire, >= captured_len; a tag taken out counts
  int64_t ts_ns = 0;       ///< ns since the epoch
  uint16_t source_id = 0;  ///< number of the interface (live) or file in the run's NameTable
  uint16_t link_type = 1;  ///< LINKTYPE_ value, 1 = Ethernet
  uint16_t vlan_tpid = 0;  ///< tag that the kernel took out of the frame, host order; 0 = none
  uint16_t vlan_tci = 0;
};

static_assert(sizeof(PacketRef) == 32 && std::is_trivially_copyable_v<PacketRef>);

}  // namespace pktana::ring
