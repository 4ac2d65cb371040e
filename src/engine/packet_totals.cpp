// SPDX-License-Identifier: Apache-2.0
#include "engine/packet_totals.h"

#include <numeric>

namespace pktana::engine {

uint64_t PacketTotals::undecodable_sum() const noexcept {
  uint64_t sum = 0;
  for (const auto& layer : undecodable)
    sum = std::accumulate(layer.begin(), layer.end(), sum);
  return sum;
}

uint64_t PacketTotals::non_ip_sum() const noexcept {
  return std::accumulate(non_ip.begin(), non_ip.end(), uint64_t{0});
}

PacketTotals& PacketTotals::operator+=(const PacketTotals& other) noexcept {
  captured += other.captured;
  captured_bytes += other.captured_bytes;
  filtered_out += other.filtered_out;
  over_limit += other.over_limit;
  in_flows += other.in_flows;
  fragments_waiting += other.fragments_waiting;
  outer_again += other.outer_again;
  untracked += other.untracked;
  for (size_t layer = 0; layer < undecodable.size(); ++layer)
    for (size_t error = 0; error < undecodable[layer].size(); ++error)
      undecodable[layer][error] += other.undecodable[layer][error];
  for (size_t type = 0; type < non_ip.size(); ++type)
    non_ip[type] += other.non_ip[type];
  ipv4 += other.ipv4;
  ipv6 += other.ipv6;
  tcp += other.tcp;
  udp += other.udp;
  icmpv4 += other.icmpv4;
  icmpv6 += other.icmpv6;
  sctp += other.sctp;
  vlan += other.vlan;
  vlan_qinq += other.vlan_qinq;
  fragments += other.fragments;
  reassembly += other.reassembly;
  return *this;
}

}  // namespace pktana::engine
