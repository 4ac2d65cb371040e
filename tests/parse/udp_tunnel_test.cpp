// SPDX-License-Identifier: Apache-2.0
// The tunnels over UDP: VXLAN, VXLAN-GPE, Geneve, GTP-U, Teredo, L2TP.
#include "parse/ayiya.h"
#include "parse/decoded.h"
#include "parse/geneve.h"
#include "parse/gtpu.h"
#include "parse/l2tp.h"
#include "parse/teredo.h"
#include "parse/tunnel_frames.h"
#include "parse/vxlan.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kFrame = ethernet(kEtherTypeIpv4, kInner4);

/// Checks that `payload` on `port` leads to the inner packet, through one outer layer of this type
/// and id.
void check_inside(uint16_t port, const Octets& payload, TunnelType type, uint32_t id) {
  const Decoded packet(over_udp(port, payload));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->dst_port == kInnerPort);
  REQUIRE(packet->outer_count == 1);
  CHECK(packet->outer[0].type == type);
  CHECK(packet->outer[0].id == id);
  CHECK(packet->outer[0].ip_version == 4);
}
void check_ordinary(uint16_t port, const Octets& payload) {
  const Decoded packet(over_udp(port, payload));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->dst_port == port);
  CHECK(packet->outer_count == 0);
}

const char* const kAyiya =
    "41 52 11 29 4af64bfd 000102030405060708090a0b0c0d0e0f "
    "0102030405060708090a0b0c0d0e0f1011121314";

TEST_CASE("ayiya: golden bytes give the length of the header") {
  const auto ayiya = AyiyaView::parse(hex(kAyiya));
  REQUIRE(ayiya);
  CHECK(ayiya->header_len_bytes() == 8 + 16 + 20);
  CHECK(AyiyaView::parse(hex("41521129 4af64bfd")).error() == ParseError::Truncated);
  CHECK(AyiyaView::parse(hex("4152113b 4af64bfd")).error() == ParseError::Unsupported);
  CHECK(AyiyaView::parse(hex("41521029 4af64bfd")).error() == ParseError::Unsupported);
}

TEST_CASE(
    "ayiya: IPv6 behind identity and signature is decoded, a heartbeat is an ordinary packet") {
  check_inside(5072, joined(hex(kAyiya), kInner6), TunnelType::Ayiya, 0);
  check_ordinary(5072, hex("41 52 10 3b 4af64bfd"));
}

TEST_CASE("vxlan: golden bytes give their fields") {
  const Octets bytes = hex("08000000 00123456");
  const auto vxlan = VxlanView::parse(bytes);
  REQUIRE(vxlan);
  CHECK(vxlan->vni() == 0x001234);
  CHECK(vxlan->next_protocol() == kNextProtocolEthernet);
}

TEST_CASE("vxlan: the frame inside is decoded on both ports, whatever reserved bits say") {
  check_inside(4789, joined(hex("08000000 00123456"), kFrame), TunnelType::Vxlan, 0x001234);
  check_inside(8472, joined(hex("08000000 00123456"), kFrame), TunnelType::Vxlan, 0x001234);
  check_inside(4789, joined(hex("f8ffff01 001234ff"), kFrame), TunnelType::Vxlan, 0x001234);
}

TEST_CASE("vxlan: without the identifier bit it is an ordinary packet (RFC 7348 section 5)") {
  check_ordinary(4789, joined(hex("00000000 00123400"), kFrame));
}

TEST_CASE("vxlan_gpe: the next protocol tells what is inside") {
  check_inside(4790, joined(hex("0c000001 00123400"), kInner4), TunnelType::VxlanGpe, 0x1234);
  check_inside(4790, joined(hex("0c000002 00123400"), kInner6), TunnelType::VxlanGpe, 0x1234);
  check_inside(4790, joined(hex("0c000003 00123400"), kFrame), TunnelType::VxlanGpe, 0x1234);
  check_inside(4790, joined(hex("08000000 00123400"), kFrame), TunnelType::VxlanGpe, 0x1234);
  check_ordinary(4790, joined(hex("0c000009 00123400"), kFrame));
}

TEST_CASE("vxlan_gpe: a network service header inside is a layer of its own") {
  const Octets nsh = hex("0fc6 0103 0000 2aff 00000000000000000000000000000000");
  const Decoded packet(over_udp(4790, joined(joined(hex("0c000004 00123400"), nsh), kFrame)));
  REQUIRE(packet->outer_count == 2);
  CHECK(packet->outer[1].type == TunnelType::Nsh);
  CHECK(packet->outer[1].id == 0x2A);
  CHECK(packet->dst_port == kInnerPort);
}

TEST_CASE("geneve: golden bytes with options give their fields") {
  const Octets bytes = hex("0240 6558 00123400 0001 0001 aabbccdd");
  const auto geneve = GeneveView::parse(bytes);
  REQUIRE(geneve);
  CHECK(geneve->header_len_bytes() == 16);
  CHECK(geneve->protocol() == kEtherTypeTransparentEthernet);
  CHECK(geneve->vni() == 0x1234);
}

TEST_CASE("geneve: Ethernet, IPv4 and IPv6 are found inside, behind options too") {
  check_inside(6081, joined(hex("0000 6558 00123400"), kFrame), TunnelType::Geneve, 0x1234);
  check_inside(6081, joined(hex("0000 0800 00123400"), kInner4), TunnelType::Geneve, 0x1234);
  check_inside(6081, joined(hex("0240 86dd 00123400 0001 0001 aabbccdd"), kInner6),
               TunnelType::Geneve, 0x1234);
}

TEST_CASE("geneve: another version or options beyond the packet make an ordinary packet") {
  check_ordinary(6081, joined(hex("4000 6558 00123400"), kFrame));
  check_ordinary(6081, hex("3f00 6558 00123400 00000000"));
}

TEST_CASE("gtpu: golden bytes with an extension header give their fields") {
  const Octets bytes = hex("34ff 0010 0000002a 0000 00 85 01 0001 00 4500");
  const auto gtpu = GtpuView::parse(bytes);
  REQUIRE(gtpu);
  CHECK(gtpu->teid() == 42);
  CHECK(gtpu->length_bytes() == 16);
  CHECK(gtpu->header_len_bytes() == 16);
}

Octets gtpu(const char* flags_and_type, const char* rest, const Octets& inside) {
  const Octets tail = joined(hex(rest), inside);
  Octets out = hex(flags_and_type);
  put_u16(out, static_cast<uint16_t>(tail.size()));
  put_u32(out, 42);
  return joined(out, tail);
}

TEST_CASE("gtpu: user packets are decoded with and without optional fields") {
  check_inside(2152, gtpu("30ff", "", kInner4), TunnelType::Gtpu, 42);
  check_inside(2152, gtpu("30ff", "", kInner6), TunnelType::Gtpu, 42);
  check_inside(2152, gtpu("32ff", "0001 00 00", kInner4), TunnelType::Gtpu, 42);
  check_inside(2152, gtpu("34ff", "0000 00 85 01 1009 00", kInner4), TunnelType::Gtpu, 42);
  check_inside(2152, gtpu("34ff", "0000 00 85 01 1009 c0 01 0001 00", kInner4), TunnelType::Gtpu,
               42);
}

TEST_CASE("gtpu: signalling, other versions and endless extensions make an ordinary packet") {
  check_ordinary(2152, gtpu("3001", "", {}));
  check_ordinary(2152, gtpu("48ff", "", kInner4));
  check_ordinary(2152, gtpu("20ff", "", kInner4));
  check_ordinary(2152, gtpu("34ff", "0000 00 85 00 0000 00", kInner4));
  Octets endless = hex("34ff 0100 0000002a 0000 00 85");
  for (int i = 0; i < 40; ++i)
    put_octets(endless, hex("01 0000 85"));
  check_ordinary(2152, endless);
}

TEST_CASE("gtpu: a length that does not cover the optional fields makes an ordinary packet") {
  check_ordinary(2152, joined(hex("32ff 0000 0000002a 0001 00 00"), kInner4));
  check_ordinary(2152, joined(hex("34ff 0004 0000002a 0000 00 85 01 1009 00"), kInner4));
  CHECK(GtpuView::parse(hex("32ff 0003 0000002a 0001 00 00")).error() == ParseError::Malformed);
  CHECK(GtpuView::parse(hex("32ff 0004 0000002a 0001 00 00")));
}

TEST_CASE("teredo: IPv6 comes alone or behind authentication and origin (RFC 4380 section 5.1.1)") {
  const Octets authentication = hex("0001 00 00 0102030405060708 00");
  const Octets long_authentication = hex("0001 02 01 aabb cc 0102030405060708 00");
  const Octets origin = hex("0000 1234 3fff fdfe");
  check_inside(3544, kInner6, TunnelType::Teredo, 0);
  check_inside(3544, joined(origin, kInner6), TunnelType::Teredo, 0);
  check_inside(3544, joined(authentication, kInner6), TunnelType::Teredo, 0);
  check_inside(3544, joined(long_authentication, joined(origin, kInner6)), TunnelType::Teredo, 0);
  check_ordinary(3544, kInner4);
  CHECK_FALSE(TeredoView::parse(hex("0001 ff ff 00")));
}

TEST_CASE("l2tp: golden bytes of version 2 with all fields give their fields") {
  const Octets bytes = hex("4a02 0018 0007 0009 0001 0002 0002 0000 ff03");
  const auto l2tp = L2tpView::parse(bytes);
  REQUIRE(l2tp);
  CHECK(l2tp->version() == 2);
  CHECK(l2tp->id() == 0x00070009);
  CHECK(l2tp->header_len_bytes() == 16);
}

TEST_CASE("l2tp: PPP is found inside version 2, whichever optional fields there are") {
  const Octets ppp = joined(hex("ff03 0021"), kInner4);
  check_inside(1701, joined(hex("0002 0007 0009"), ppp), TunnelType::L2tp, 0x00070009);
  check_inside(1701, joined(hex("4002 0031 0007 0009"), ppp), TunnelType::L2tp, 0x00070009);
  check_inside(1701, joined(hex("0802 0007 0009 0001 0002"), ppp), TunnelType::L2tp, 0x00070009);
  check_inside(1701, joined(hex("0202 0007 0009 0002 0000"), ppp), TunnelType::L2tp, 0x00070009);
}

TEST_CASE("l2tp: PPP is found inside version 3 behind cookies of 0, 4 and 8 bytes") {
  const Octets ppp = joined(hex("ff03 0021"), kInner4);
  check_inside(1701, joined(hex("0003 0000 0000002a"), ppp), TunnelType::L2tp, 42);
  check_inside(1701, joined(hex("0003 0000 0000002a 01020304"), ppp), TunnelType::L2tp, 42);
  check_inside(1701, joined(hex("0003 0000 0000002a 0102030405060708"), ppp), TunnelType::L2tp, 42);
}

TEST_CASE("l2tp: control messages, PPP control and other versions make an ordinary packet") {
  check_ordinary(1701, hex("c802 000c 0007 0000 0001 0002"));
  check_ordinary(1701, hex("0002 0007 0009 ff03 c021 0101 0004"));
  check_ordinary(1701, joined(hex("0001 0007 0009 ff03 0021"), kInner4));
  check_ordinary(1701, hex("0202 0007 0009 ffff 0000"));
}

}  // namespace
}  // namespace pktana::parse
