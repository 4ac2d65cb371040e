// SPDX-License-Identifier: Apache-2.0
// What lies between the link header and IP: EtherTypes without IP, LLC, SNAP, PPPoE, PPP.
#include "parse/ethertype.h"

#include "parse/decoded.h"
#include "parse/llc.h"
#include "parse/ppp.h"
#include "parse/pppoe.h"
#include "parse/snap.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kIp = ipv4({}, udp({.dst_port = 53}, text("hello")));

/// 802.3 frame: the type field holds the length of `llc`.
Octets frame_8023(const Octets& llc) { return ethernet(static_cast<uint16_t>(llc.size()), llc); }

Octets arp(uint16_t operation) {
  Octets out = hex("0001 0800 0604");
  put_u16(out, operation);
  put_octets(out, Octets(20, 0));
  return out;
}
Octets pppoe(const char* head, const Octets& payload) {
  Octets out = hex(head);
  put_u16(out, static_cast<uint16_t>(payload.size()));
  put_octets(out, payload);
  return out;
}

TEST_CASE("ethertype: ARP is counted by type") {
  CHECK(outcome(ethernet(kEtherTypeArp, arp(1))) == "non_ip arp_request");
  CHECK(outcome(ethernet(kEtherTypeArp, arp(2))) == "non_ip arp_reply");
  CHECK(outcome(ethernet(kEtherTypeArp, arp(8))) == "non_ip arp_other");
  CHECK(outcome(ethernet(kEtherTypeRarp, arp(3))) == "non_ip arp_other");
  CHECK(outcome(ethernet(kEtherTypeArp, hex("0001 0800 0604 00"))) == "truncated arp");
}

TEST_CASE("ethertype: frames without IP are counted by their kind") {
  CHECK(outcome(ethernet(kEtherTypeLldp, text("x"))) == "non_ip lldp");
  CHECK(outcome(ethernet(kEtherTypeEapol, text("x"))) == "non_ip eapol");
  CHECK(outcome(ethernet(kEtherTypeMacsec, hex("0c00 00000001 a1b2c3d4"))) == "non_ip macsec");
  CHECK(outcome(ethernet(0x9000, text("x"))) == "non_ip other");
  CHECK(outcome(ethernet(0x05DD, text("x"))) == "non_ip other");
}

TEST_CASE("ethertype: without IP the network bytes are those behind the link header") {
  const Decoded packet(ethernet(kEtherTypeVlan, vlan(5, kEtherTypeLldp, text("tlv"))));
  CHECK(packet->non_ip == NonIp::Lldp);
  CHECK(packet->ethertype == kEtherTypeLldp);
  CHECK(packet->vlan_count == 1);
  CHECK(as_text(packet->network) == "tlv");
  CHECK(packet->ip_version == 0);
}

TEST_CASE("ethertype: an Ethernet header that is cut is truncated") {
  const Octets whole = ethernet(kEtherTypeIpv4, kIp);
  for (size_t length = 0; length < 14; ++length)
    CHECK(outcome(Octets(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))) ==
          "truncated link");
}

TEST_CASE("llc: golden bytes give their fields") {
  const Octets bytes = hex("aaaa03 00000c 2000");
  const auto llc = LlcView::parse(bytes);
  REQUIRE(llc);
  CHECK(llc->is_snap());
  const auto snap = SnapView::parse(base::Bytes(bytes).subspan(3));
  REQUIRE(snap);
  CHECK(snap->oui() == kOuiCisco);
  CHECK(snap->type() == 0x2000);
}

TEST_CASE("llc: IP comes by its own SAP (RFC 948) and by SNAP (RFC 1042)") {
  CHECK(Decoded(frame_8023(joined(hex("060603"), kIp)))->dst_port == 53);
  CHECK(Decoded(frame_8023(joined(hex("aaaa03 000000 0800"), kIp)))->dst_port == 53);
  CHECK(Decoded(frame_8023(joined(hex("aaaa03 0000f8 0800"), kIp)))->dst_port == 53);
}

TEST_CASE("llc: an 802.3 length is no EtherType, one behind SNAP is") {
  CHECK(Decoded(frame_8023(joined(hex("060603"), kIp)))->ethertype == 0);
  CHECK(Decoded(frame_8023(joined(hex("aaaa03 000000 0800"), kIp)))->ethertype == kEtherTypeIpv4);
}

TEST_CASE("llc: a VLAN tag may be followed by an 802.3 length, and SNAP by a VLAN tag") {
  const Octets llc = joined(hex("aaaa03 000000 8100"), vlan(6, kEtherTypeIpv4, kIp));
  const Decoded packet(ethernet(kEtherTypeVlan, vlan(5, static_cast<uint16_t>(llc.size()), llc)));
  REQUIRE(packet->verdict == Verdict::Ip);
  REQUIRE(packet->vlan_count == 2);
  CHECK(packet->vlan_id[0] == 5);
  CHECK(packet->vlan_id[1] == 6);
}

TEST_CASE("llc: what holds no IP is counted by kind") {
  CHECK(outcome(padded(frame_8023(hex("424203 0000000000")))) == "non_ip stp");
  CHECK(outcome(padded(frame_8023(hex("aaaa03 00000c 010b 0000")))) == "non_ip stp");
  CHECK(outcome(padded(frame_8023(hex("aaaa03 0080c2 000e 0000")))) == "non_ip stp");
  CHECK(outcome(padded(frame_8023(hex("aaaa03 00000c 2000 02b4")))) == "non_ip llc");
  CHECK(outcome(padded(frame_8023(hex("f0f003 2c00")))) == "non_ip llc");
  CHECK(outcome(padded(frame_8023(hex("ffff0022 0000")))) == "non_ip llc");
}

TEST_CASE("llc: a bridged Ethernet frame is decoded (RFC 2427 section 4.2)") {
  const Octets inner = ethernet(kEtherTypeIpv4, kIp);
  CHECK(Decoded(frame_8023(joined(hex("aaaa03 0080c2 0007"), inner)))->dst_port == 53);
}

TEST_CASE("llc: a chain of bridged frames without end is unsupported") {
  Octets inner = ethernet(kEtherTypeIpv4, kIp);
  for (int i = 0; i < 30; ++i)
    inner = frame_8023(joined(hex("aaaa03 0080c2 0007"), inner));
  CHECK(outcome(inner) == "unsupported tunnel");
}

TEST_CASE("llc: a header that is cut, by the frame or by the 802.3 length, is truncated") {
  CHECK(outcome(frame_8023(hex("aaaa"))) == "truncated link");
  CHECK(outcome(frame_8023(hex("aaaa03 0000"))) == "truncated link");
  CHECK(outcome(padded(frame_8023(hex("aaaa")))) == "truncated link");
}

TEST_CASE("pppoe: golden bytes give their fields") {
  const Octets bytes = hex("1100 0011 0016 0021");
  const auto header = PppoeView::parse(bytes);
  REQUIRE(header);
  CHECK(header->code() == 0);
  CHECK(header->session() == 0x11);
  CHECK(header->length_bytes() == 22);
}

TEST_CASE("pppoe: a session carries IPv4 and IPv6") {
  const Octets v4 = pppoe("1100 0011", joined(hex("0021"), kIp));
  CHECK(Decoded(ethernet(kEtherTypePppoeSession, v4))->dst_port == 53);
  const Octets v6 = pppoe("1100 0011", joined(hex("0057"), ipv6({}, udp({.dst_port = 54}, {}))));
  CHECK(Decoded(ethernet(kEtherTypePppoeSession, v6))->dst_port == 54);
}

TEST_CASE("pppoe: below two VLAN tags it is found too") {
  const Octets session = pppoe("1100 0011", joined(hex("0021"), kIp));
  const Decoded packet(ethernet(kEtherTypeServiceVlan,
                                vlan(1, kEtherTypeVlan, vlan(2, kEtherTypePppoeSession, session))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->vlan_count == 2);
  CHECK(packet->dst_port == 53);
}

TEST_CASE("pppoe: discovery and control packets are counted apart") {
  CHECK(outcome(ethernet(kEtherTypePppoeDiscovery, pppoe("1109 0000", text("tags")))) ==
        "non_ip pppoe_discovery");
  CHECK(outcome(ethernet(kEtherTypePppoeSession, pppoe("1100 0011", hex("c021 0101 0004")))) ==
        "non_ip ppp_control");
  CHECK(outcome(ethernet(kEtherTypePppoeSession, pppoe("1100 0011", hex("8021 0101 0004")))) ==
        "non_ip ppp_control");
}

TEST_CASE("pppoe: another version is unsupported, a cut header truncated") {
  CHECK(outcome(ethernet(kEtherTypePppoeSession, pppoe("2100 0011", hex("0021")))) ==
        "unsupported pppoe");
  CHECK(outcome(ethernet(kEtherTypePppoeSession, hex("1100 0011 00"))) == "truncated pppoe");
}

TEST_CASE("ppp: address and control bytes and the first byte of the protocol may be left out") {
  for (const char* head : {"ff03 0021", "ff03 21", "0021", "21"}) {
    const Octets bytes = joined(hex(head), kIp);
    CHECK(Decoded(bytes, {.link_type = LinkType::Ppp})->dst_port == 53);
  }
}

TEST_CASE("ppp: a protocol field that is cut is truncated") {
  CHECK_FALSE(PppView::parse({}));
  CHECK_FALSE(PppView::parse(hex("ff03")));
  CHECK_FALSE(PppView::parse(hex("ff0300")));
  CHECK_FALSE(PppView::parse(hex("00")));
}

}  // namespace
}  // namespace pktana::parse
