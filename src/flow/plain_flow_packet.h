// SPDX-License-Identifier: Apache-2.0
// make_flow_packet() of a plain packet: the same fields, with nothing asked that is known.
#pragma once

#include "flow/flow_packet.h"
#include "flow/group_address.h"
#include "flow/key_ends.h"
#include "parse/plain.h"

namespace pktana::flow {

/// make_key() of the packet: which options it is called with makes no difference.
[[nodiscard, gnu::always_inline]] inline DirectedKey make_key(
    const parse::PlainPacket& packet) noexcept {
  DirectedKey made;
  made.from_high = put_ends(packet.ip_version, {packet.src, packet.src_port},
                            {packet.dst, packet.dst_port}, made.key);
  made.key.ports = port_word(packet.ip_version, packet.protocol,
                             made.from_high ? packet.dst_port : packet.src_port,
                             made.from_high ? packet.src_port : packet.dst_port);
  return made;
}

namespace detail {

[[gnu::always_inline]] inline void put_tcp(const parse::PlainPacket& packet,
                                           FlowPacket& out) noexcept {
  const auto tcp = parse::TcpView::parse(packet.bytes(), packet.sent);
  out.tcp_seq = tcp->seq();
  out.tcp_ack = tcp->ack();
  out.tcp_window = tcp->window();
  out.tcp_flags = tcp->flags();
  out.payload = tcp->payload();
  out.payload_len = packet.sent - tcp->header_len_bytes();
  out.payload_cut = packet.cut || packet.captured < packet.sent;
  if ((out.tcp_flags & parse::kTcpSyn) != 0) [[unlikely]]
    out.syn = SynOptions::read(tcp->options());
}

[[gnu::always_inline]] inline void put_udp(const parse::PlainPacket& packet,
                                           FlowPacket& out) noexcept {
  const auto udp = parse::UdpView::parse(packet.bytes());
  const uint32_t len = udp->length_bytes() != 0 ? udp->length_bytes() : packet.sent;
  out.tcp_seq = 0;
  out.tcp_ack = 0;
  out.tcp_window = 0;
  out.tcp_flags = 0;
  out.payload = udp->payload();
  out.payload_len = std::min(len, packet.sent) - static_cast<uint32_t>(parse::UdpView::kHeaderLen);
  out.payload_cut = packet.cut || len > packet.sent || out.payload.size() < out.payload_len;
}

}  // namespace detail

// PERF NOTE: inlined where packets are taken, with no parse::Packet between. What it brought
// was measured together with Worker::process(): see there.
/// @param packet as read_plain() filled it.
[[gnu::always_inline]] inline void make_flow_packet(const parse::PlainPacket& packet,
                                                    const PacketMeta& meta,
                                                    const base::HashSecret& secret,
                                                    FlowPacket& out) noexcept {
  const DirectedKey directed = make_key(packet);
  out.key = directed.key;
  out.hash = hash_key(secret, directed.key);
  out.from_high = directed.from_high;
  out.near = kNoSlot;
  out.number = meta.number;
  out.ts_ns = meta.ts_ns;
  out.first_ns = meta.ts_ns;
  out.packets = 1;
  out.wire_len = meta.wire_len;
  out.source_id = meta.source_id;
  out.ip_len = packet.ip_len;
  out.src_port = packet.src_port;
  out.dst_port = packet.dst_port;
  out.icmp_type = 0;
  out.icmp_code = 0;
  out.fragment = false;
  out.to_group = is_group_address(packet.ip_version, packet.dst);
  out.vlan_count = 0;
  out.vlan_id = {};
  out.encapsulation = nullptr;
  if (packet.protocol == parse::kIpProtoTcp)
    detail::put_tcp(packet, out);
  else
    detail::put_udp(packet, out);
}

}  // namespace pktana::flow
