// SPDX-License-Identifier: Apache-2.0
#include "cli/packet_line.h"

#include "flow/protocol_name.h"
#include "parse/ip_protocol.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"

namespace pktana::cli {
namespace {

constexpr uint8_t kFirstUnnamedProtocol = 144;

void put_protocol(Line& line, uint8_t protocol) noexcept {
  if (protocol >= kFirstUnnamedProtocol) line.text("ip-proto-");
  line.text(flow::protocol_name(protocol));
}

void put_vlans(Line& line, const parse::Packet& packet) noexcept {
  for (unsigned i = 0; i < packet.vlan_count; ++i)
    line.text(i == 0 ? "vlan " : "/").number(packet.vlan_id[i]);
  if (packet.vlan_count > 0) line.text(" ");
}

/// "IP 10.0.0.1 > 10.0.0.2: vxlan 42: " for each tunnel around the packet, outermost first.
void put_tunnels(Line& line, const parse::Packet& packet) noexcept {
  for (unsigned i = 0; i < packet.outer_count; ++i) {
    const parse::OuterLayer& outer = packet.outer[i];
    if (outer.ip_version != 0) {
      line.text(outer.ip_version == 4 ? "IP " : "IP6 ").address(outer.src, outer.ip_version);
      line.text(" > ").address(outer.dst, outer.ip_version).text(": ");
    }
    line.text(to_string(outer.type));
    if (outer.id != 0) line.text(" ").number(outer.id);
    line.text(": ");
  }
}

bool has_ports(const parse::Packet& packet) noexcept {
  return packet.fragment != parse::Fragment::Later &&
         (packet.protocol == parse::kIpProtoTcp || packet.protocol == parse::kIpProtoUdp ||
          packet.protocol == parse::kIpProtoSctp);
}

void put_addresses(Line& line, const parse::Packet& packet, bool ports) noexcept {
  line.text(packet.ip_version == 4 ? "IP " : "IP6 ").address(packet.src, packet.ip_version);
  if (ports) line.text(".").number(packet.src_port);
  line.text(" > ").address(packet.dst, packet.ip_version);
  if (ports) line.text(".").number(packet.dst_port);
  line.text(": ");
}

void put_fragment(Line& line, const parse::Packet& packet) noexcept {
  line.text(" (fragment, id ").number(packet.fragment_id);
  line.text(", offset ").number(packet.fragment_offset).text(")");
}

void put_other_protocol(Line& line, const parse::Packet& packet) noexcept {
  put_protocol(line, packet.protocol);
  line.text(", length ").number(ip_payload_len(packet));
}

void put_transport(Line& line, const parse::Packet& packet) noexcept {
  if (packet.fragment == parse::Fragment::Later) return put_other_protocol(line, packet);
  switch (packet.protocol) {
    case parse::kIpProtoTcp:
      return put_tcp(line, packet);
    case parse::kIpProtoUdp:
      return put_udp(line, packet);
    case parse::kIpProtoSctp:
      return put_sctp(line, packet);
    case parse::kIpProtoIcmp:
      return put_icmp(line, packet);
    case parse::kIpProtoIcmpv6:
      return put_icmpv6(line, packet);
    default:
      return put_other_protocol(line, packet);
  }
}

void put_undecodable(Line& line, const ring::PacketRef& ref, const parse::Packet& packet) noexcept {
  if (packet.src != nullptr) put_addresses(line, packet, false);
  line.text("undecodable: ").text(to_string(packet.layer)).text(" ").text(to_string(packet.error));
  line.text(", length ").number(ref.wire_len);
  if (ref.captured_len < ref.wire_len) line.text(", captured ").number(ref.captured_len);
}

void put_ipv4_details(Line& line, const parse::Packet& packet) noexcept {
  constexpr size_t kFlags = 6;
  constexpr uint8_t kDontFragment = 0x40;
  const auto ip = parse::Ipv4View::parse(packet.network);
  if (!ip) return;
  const bool whole = (packet.network[kFlags] & kDontFragment) != 0;
  line.text(", id ").number(ip->id()).text(", flags [").text(whole ? "DF" : "");
  if (ip->more_fragments()) line.text(whole ? ",MF" : "MF");
  line.text(whole || ip->more_fragments() ? "]" : "none]");
}

void put_ipv6_details(Line& line, const parse::Packet& packet) noexcept {
  const auto ip = parse::Ipv6View::parse(packet.network);
  if (!ip) return;
  line.text(", flow label 0x").hex_byte(static_cast<uint8_t>(ip->flow_label() >> 16));
  line.hex_byte(static_cast<uint8_t>(ip->flow_label() >> 8));
  line.hex_byte(static_cast<uint8_t>(ip->flow_label()));
}

}  // namespace

uint32_t ip_payload_len(const parse::Packet& packet) noexcept {
  if (packet.transport.data() == nullptr) return packet.payload_len;
  const auto header = static_cast<uint32_t>(packet.transport.data() - packet.network.data());
  return packet.ip_len > header ? packet.ip_len - header : 0;
}

void put_packet(Line& line, const ring::PacketRef& ref, const parse::Packet& packet) noexcept {
  put_vlans(line, packet);
  put_tunnels(line, packet);
  if (packet.verdict == parse::Verdict::Undecodable) return put_undecodable(line, ref, packet);
  if (packet.verdict == parse::Verdict::NonIp) return put_non_ip(line, ref, packet);
  put_addresses(line, packet, has_ports(packet));
  put_transport(line, packet);
  if (packet.fragment != parse::Fragment::None) put_fragment(line, packet);
}

void put_ip_details(Line& line, const parse::Packet& packet) noexcept {
  if (packet.verdict != parse::Verdict::Ip) return;
  line.text("ttl ").number(packet.ttl).text(", tos 0x").hex_byte(packet.tos);
  if (packet.ip_version == 4)
    put_ipv4_details(line, packet);
  else
    put_ipv6_details(line, packet);
  line.text(", proto ");
  put_protocol(line, packet.protocol);
  line.text(" (").number(packet.protocol).text("), length ").number(packet.ip_len);
}

}  // namespace pktana::cli
