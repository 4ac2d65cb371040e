// SPDX-License-Identifier: Apache-2.0
// What holds for every encapsulation: nesting, depth, fallback to the packet around, the options.
// Each kind has a test of its own beside this.
#include "parse/tunnel.h"

#include <string>

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "parse/tunnel_frames.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

TEST_CASE("tunnel: IPv4 and IPv6 in each other are followed to the innermost") {
  CHECK(Decoded(ethernet(kEtherTypeIpv4, ipv4({.protocol = 4}, kInner4)))->dst_port == kInnerPort);
  CHECK(Decoded(ethernet(kEtherTypeIpv4, ipv4({.protocol = 41}, kInner6)))->dst_port == kInnerPort);
  CHECK(Decoded(ethernet(kEtherTypeIpv6, ipv6({.next_header = 4}, kInner4)))->dst_port ==
        kInnerPort);
  CHECK(Decoded(ethernet(kEtherTypeIpv6, ipv6({.next_header = 41}, kInner6)))->dst_port ==
        kInnerPort);
}

TEST_CASE(
    "tunnel: the fields are those of the innermost packet, the outer addresses stay in order") {
  const Octets middle =
      ipv6({.src = "2001:db8:2::1", .dst = "2001:db8:2::2", .next_header = 4}, kInner4);
  const Decoded packet(
      ethernet(kEtherTypeIpv4,
               ipv4({.src = "10.0.0.1", .dst = "10.0.0.2", .protocol = 41, .ttl = 9}, middle)));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->ip_version == 4);
  CHECK(packet->ttl == 64);
  CHECK(packet->ip_len == kInner4.size());
  CHECK(packet->network.size() == kInner4.size());
  CHECK(Octets(packet->src, packet->src + 4) == address_v4("172.16.0.1"));
  REQUIRE(packet->outer_count == 2);
  CHECK(packet->outer[0].type == TunnelType::IpIp);
  CHECK(packet->outer[0].ip_version == 4);
  CHECK(Octets(packet->outer[0].src, packet->outer[0].src + 4) == address_v4("10.0.0.1"));
  CHECK(Octets(packet->outer[0].dst, packet->outer[0].dst + 4) == address_v4("10.0.0.2"));
  CHECK(packet->outer[1].ip_version == 6);
  CHECK(Octets(packet->outer[1].dst, packet->outer[1].dst + 16) == address_v6("2001:db8:2::2"));
}

TEST_CASE("tunnel: nothing of the outer transport header shows in the inner packet") {
  const Octets inside = ipv4({.protocol = 99}, text("payload"));
  const Decoded packet(
      over_udp(4789, joined(hex("08000000 00000100"), ethernet(kEtherTypeIpv4, inside))));
  REQUIRE(packet->outer_count == 1);
  CHECK(packet->protocol == 99);
  CHECK(packet->src_port == 0);
  CHECK(packet->dst_port == 0);
}

TEST_CASE("tunnel: eight layers are followed, a ninth is unsupported") {
  Octets nested = kInner4;
  for (unsigned depth = 0; depth < kMaxOuterLayers; ++depth)
    nested = ipv4({.protocol = 4}, nested);
  const Decoded packet(ethernet(kEtherTypeIpv4, nested));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->outer_count == kMaxOuterLayers);
  CHECK(packet->dst_port == kInnerPort);
  CHECK(outcome(ethernet(kEtherTypeIpv4, ipv4({.protocol = 4}, nested))) == "unsupported tunnel");
}

TEST_CASE("tunnel: eight layers of the longest kind are followed") {
  Octets nested = ethernet(kEtherTypeIpv4, kInner4);
  for (unsigned depth = 0; depth < kMaxOuterLayers; ++depth)
    nested = over_udp(4789, joined(hex("08000000 00000100"), nested));
  const Decoded packet(nested);
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->outer_count == kMaxOuterLayers);
  CHECK(packet->dst_port == kInnerPort);
}

TEST_CASE("tunnel: one that carries no IP is a packet of its own IP layer") {
  const Octets arp = ethernet(kEtherTypeArp, joined(hex("0001 0800 0604 0001"), Octets(20, 0)));
  const Decoded packet(over_udp(4789, joined(hex("08000000 00000100"), arp)));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 17);
  CHECK(packet->dst_port == 4789);
  CHECK(packet->outer_count == 0);
  CHECK(packet->ethertype == kEtherTypeIpv4);
  CHECK(packet->payload_len == 8 + arp.size());
}

TEST_CASE("tunnel: an inside that makes no sense leaves an ordinary packet") {
  for (const uint8_t protocol : {uint8_t{4}, uint8_t{41}, uint8_t{47}}) {
    const Decoded packet(ethernet(kEtherTypeIpv4, ipv4({.protocol = protocol}, Octets(60, 0xFF))));
    REQUIRE(packet->verdict == Verdict::Ip);
    CHECK(packet->protocol == protocol);
    CHECK(packet->outer_count == 0);
    CHECK(packet->payload_len == 60);
    CHECK_FALSE(packet->payload_cut);
  }
  for (const uint16_t port :
       std::initializer_list<uint16_t>{4789, 4790, 8472, 6081, 2152, 3544, 1701}) {
    const Decoded packet(over_udp(port, Octets(60, 0xFF)));
    REQUIRE(packet->verdict == Verdict::Ip);
    CHECK(packet->dst_port == port);
    CHECK(packet->outer_count == 0);
    CHECK(packet->payload_len == 60);
  }
}

TEST_CASE("tunnel: an inside that fails deep down leaves the packet of the last sound layer") {
  const Octets broken = ipv4({.protocol = 6}, tcp({.data_offset = uint8_t{2}}, {}));
  const Octets gre = joined(hex("0000 0800"), broken);
  const Decoded packet(ethernet(
      kEtherTypeIpv4, ipv4({.protocol = 4}, ipv4({.src = "10.0.0.1", .protocol = 47}, gre))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 47);
  CHECK(Octets(packet->src, packet->src + 4) == address_v4("10.0.0.1"));
  CHECK(packet->outer_count == 1);
}

TEST_CASE("tunnel: VLAN tags inside are put behind those outside, and go with a failed inside") {
  const Octets tagged = ethernet(kEtherTypeVlan, vlan(20, kEtherTypeIpv4, kInner4));
  const Octets outer = ipv4({}, udp({.dst_port = 4789}, joined(hex("08000000 00000100"), tagged)));
  const Decoded packet(ethernet(kEtherTypeVlan, vlan(10, kEtherTypeIpv4, outer)));
  REQUIRE(packet->vlan_count == 2);
  CHECK(packet->vlan_id[0] == 10);
  CHECK(packet->vlan_id[1] == 20);
  const Octets lldp = ethernet(kEtherTypeVlan, vlan(20, kEtherTypeLldp, text("x")));
  const Octets failed = ipv4({}, udp({.dst_port = 4789}, joined(hex("08000000 00000100"), lldp)));
  CHECK(Decoded(ethernet(kEtherTypeVlan, vlan(10, kEtherTypeIpv4, failed)))->vlan_count == 1);
}

TEST_CASE("tunnel: fragments are not looked into") {
  const Decoded first(ethernet(kEtherTypeIpv4, ipv4({.protocol = 4, .fragment = 0x2000}, kInner4)));
  CHECK(first->protocol == 4);
  CHECK(first->outer_count == 0);
  const Octets vxlan =
      udp({.dst_port = 4789}, joined(hex("08000000 00000100"), ethernet(kEtherTypeIpv4, kInner4)));
  const Decoded udp_first(ethernet(kEtherTypeIpv4, ipv4({.fragment = 0x2000}, vxlan)));
  CHECK(udp_first->dst_port == 4789);
  CHECK(udp_first->fragment == Fragment::First);
}

TEST_CASE("tunnel: the length inside ends the inner payload, and a length beyond marks it as cut") {
  Octets inside = kInner4;
  inside.insert(inside.end(), 10, 0xEE);
  const Decoded trailing(ethernet(kEtherTypeIpv4, ipv4({.protocol = 4}, inside)));
  CHECK(as_text(trailing->payload) == "hello");
  const Octets lying =
      ipv4({.total_len = 500}, udp({.dst_port = kInnerPort, .length = 480}, text("hello")));
  const Decoded beyond(ethernet(kEtherTypeIpv4, ipv4({.protocol = 4}, lying)));
  CHECK(beyond->dst_port == kInnerPort);
  CHECK(beyond->payload_len == 5);
  CHECK(beyond->payload_cut);
}

TEST_CASE(
    "tunnel: with Tunnels::Outer the outermost IP layer counts, and labels below it are passed") {
  const DecodeOptions options{.tunnels = Tunnels::Outer};
  Packet packet;
  const Octets vxlan =
      over_udp(4789, joined(hex("08000000 00000100"), ethernet(kEtherTypeIpv4, kInner4)));
  decode({.captured = vxlan}, options, packet);
  CHECK(packet.dst_port == 4789);
  CHECK(packet.outer_count == 0);
  const Octets ipip = ethernet(kEtherTypeIpv4, ipv4({.protocol = 4}, kInner4));
  decode({.captured = ipip}, options, packet);
  CHECK(packet.protocol == 4);
  const Octets mpls = ethernet(kEtherTypeMpls, joined(hex("00010140"), kInner4));
  decode({.captured = mpls}, options, packet);
  CHECK(packet.dst_port == kInnerPort);
}

TEST_CASE("tunnel_ports: a port can be added and the table cleared") {
  DecodeOptions options;
  const Octets vxlan = joined(hex("08000000 00000100"), ethernet(kEtherTypeIpv4, kInner4));
  const Octets frame = over_udp(5555, vxlan);
  Packet packet;
  decode({.captured = frame}, options, packet);
  CHECK(packet.dst_port == 5555);
  REQUIRE(options.ports.add(TunnelType::Vxlan, 5555));
  decode({.captured = frame}, options, packet);
  CHECK(packet.dst_port == kInnerPort);
  options.ports.clear();
  decode({.captured = frame}, options, packet);
  CHECK(packet.dst_port == 5555);
}

TEST_CASE(
    "tunnel_ports: the destination port goes first, a port can change its type, the table is "
    "bounded") {
  TunnelPorts ports;
  CHECK(ports.find(4789, 2152) == TunnelType::Gtpu);
  CHECK(ports.find(4789, 50000) == TunnelType::Vxlan);
  CHECK_FALSE(ports.find(53, 443));
  CHECK(ports.add(TunnelType::Geneve, 4789));
  CHECK(ports.find(50000, 4789) == TunnelType::Geneve);
  unsigned added = 0;
  while (ports.add(TunnelType::Vxlan, static_cast<uint16_t>(10000 + added)))
    ++added;
  CHECK(added == TunnelPorts::kMaxPorts - 8);
}

TEST_CASE("tunnel: every kind has a name") {
  for (unsigned type = 0; type < kTunnelTypeCount; ++type)
    CHECK(to_string(static_cast<TunnelType>(type)) != "unknown");
}

}  // namespace
}  // namespace pktana::parse
