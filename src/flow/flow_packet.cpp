// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_packet.h"

#include <algorithm>

#include "flow/group_address.h"
#include "parse/tcp.h"

namespace pktana::flow {

void make_flow_packet(const parse::Packet& packet, const PacketMeta& meta, KeyOptions options,
                      const base::HashSecret& secret, FlowPacket& out) noexcept {
  const DirectedKey directed = make_key(packet, options);
  out.key = directed.key;
  out.hash = hash_key(secret, directed.key);
  out.near = kNoSlot;
  out.ts_ns = meta.ts_ns;
  out.first_ns = meta.ts_ns;
  out.packets = 1;
  out.wire_len = meta.wire_len;
  out.payload_len = packet.payload_len;
  out.ip_len = packet.ip_len;
  out.tcp_seq = packet.tcp_seq;
  out.tcp_ack = packet.tcp_ack;
  out.tcp_window = packet.tcp_window;
  out.source_id = meta.source_id;
  out.number = meta.number;
  out.src_port = packet.src_port;
  out.dst_port = packet.dst_port;
  out.tcp_flags = packet.tcp_flags;
  out.icmp_type = packet.icmp_type;
  out.icmp_code = packet.icmp_code;
  out.from_high = directed.from_high;
  out.payload_cut = packet.payload_cut;
  out.fragment = packet.fragment != parse::Fragment::None;
  out.to_group = is_group_address(packet.ip_version, packet.dst);
  if ((packet.tcp_flags & parse::kTcpSyn) != 0) [[unlikely]]
    out.syn = SynOptions::read(packet.tcp_options);
  out.vlan_id = {};  // filled again and again: no id of the packet before may stay
  out.vlan_count = std::min<uint8_t>(packet.vlan_count, 3);
  for (unsigned i = 0; i < out.vlan_count; ++i)
    out.vlan_id[i] = packet.vlan_id[i];
  out.encapsulation = nullptr;
  out.payload = packet.payload;
}

}  // namespace pktana::flow
