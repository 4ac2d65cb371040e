// SPDX-License-Identifier: Apache-2.0
// What a worker has counted of the packets it took, by what became of them: the parse identity of
// the ledger.
#pragma once

#include <array>
#include <cstdint>

#include "flow/reassembler.h"
#include "parse/packet.h"

namespace pktana::engine {

/// captured = filtered_out + over_limit + undecodable + non_ip + untracked + fragments_waiting +
/// packets in flows (ShardTotals::packets, less outer_again). One writer; copied out between
/// batches.
struct PacketTotals {
  uint64_t captured = 0;
  uint64_t captured_bytes = 0;  ///< of those, as on the wire
  uint64_t filtered_out =
      0;  ///< by a filter that ran in user space; what the kernel filtered is unknown
  uint64_t over_limit = 0;         ///< came after the packet limit (-c) was reached
  uint64_t in_flows = 0;           ///< counted in a flow, each once
  uint64_t fragments_waiting = 0;  ///< held until their datagram is whole or given up
  uint64_t outer_again =
      0;                   ///< counted in an outer flow, beside the one that they were captured for
  uint64_t untracked = 0;  ///< IP packets of a run that tracks no flows
  std::array<std::array<uint64_t, parse::kParseErrorCount>, parse::kLayerCount> undecodable{};
  std::array<uint64_t, parse::kNonIpCount> non_ip{};

  uint64_t ipv4 = 0;
  uint64_t ipv6 = 0;
  uint64_t tcp = 0;
  uint64_t udp = 0;
  uint64_t icmpv4 = 0;
  uint64_t icmpv6 = 0;
  uint64_t sctp = 0;
  uint64_t vlan = 0;
  uint64_t vlan_qinq = 0;
  uint64_t fragments = 0;
  flow::ReassemblyTotals reassembly;

  [[nodiscard]] uint64_t undecodable_sum() const noexcept;
  [[nodiscard]] uint64_t non_ip_sum() const noexcept;
  PacketTotals& operator+=(const PacketTotals& other) noexcept;
};

}  // namespace pktana::engine
