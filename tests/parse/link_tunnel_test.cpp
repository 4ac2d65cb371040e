// SPDX-License-Identifier: Apache-2.0
// Encapsulations below IP: MPLS, NSH, VN-Tag, E-Tag, 802.1ah, MACsec.
#include "parse/decoded.h"
#include "parse/etag.h"
#include "parse/macsec.h"
#include "parse/mpls.h"
#include "parse/nsh.h"
#include "parse/pbb.h"
#include "parse/tunnel_frames.h"
#include "parse/vntag.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kFrame = ethernet(kEtherTypeIpv4, kInner4);

/// Checks that `head` and `inside` below `ethertype` lead to the inner packet, through one layer
/// without addresses.
void check_inside(uint16_t ethertype, const char* head, const Octets& inside, uint32_t id) {
  INFO(head);
  const Decoded packet(ethernet(ethertype, joined(hex(head), inside)));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->dst_port == kInnerPort);
  REQUIRE(packet->outer_count == 1);
  CHECK(packet->outer[0].id == id);
  CHECK(packet->outer[0].ip_version == 0);
  CHECK(packet->outer[0].src == nullptr);
}

TEST_CASE("mpls: golden bytes of a stack of two give their fields") {
  const Octets bytes = hex("0001e0ff 0002a1ff 45");
  const auto mpls = MplsView::parse(bytes);
  REQUIRE(mpls);
  CHECK(mpls->top_label() == 30);
  CHECK(mpls->bottom_label() == 42);
  CHECK(mpls->header_len_bytes() == 8);
}

TEST_CASE("mpls: IP below unicast and multicast labels is found by its first nibble") {
  check_inside(kEtherTypeMpls, "0002a140", kInner4, 42);
  check_inside(kEtherTypeMpls, "0001e040 0002a140", kInner6, 42);
  check_inside(kEtherTypeMplsMulticast, "0002a140", kInner4, 42);
}

TEST_CASE("mpls: Ethernet below labels is found with and without a control word (RFC 4448)") {
  check_inside(kEtherTypeMpls, "0002a140", kFrame, 42);
  check_inside(kEtherTypeMpls, "0002a140 00000000", kFrame, 42);
  check_inside(kEtherTypeMpls, "0002a140 00001234", kFrame, 42);
}

TEST_CASE("mpls: an IPv4 source that looks like an EtherType does not make it Ethernet") {
  const Octets inside = ipv4({.src = "8.0.0.1"}, udp({.dst_port = kInnerPort}, text("hello")));
  check_inside(kEtherTypeMpls, "0002a140", inside, 42);
}

TEST_CASE("mpls: an address that begins like an IP header does not hide an Ethernet frame") {
  for (const char* address : {"456789abcdef", "606789abcdef"}) {
    Octets frame = hex(address);
    frame.insert(frame.end(), kFrame.begin() + 6, kFrame.end());
    check_inside(kEtherTypeMpls, "0002a140", frame, 42);
  }
}

TEST_CASE("mpls: an associated channel and what is unknown count as MPLS (RFC 5586)") {
  CHECK(outcome(ethernet(kEtherTypeMpls, hex("0000d140 10000021 00000000"))) == "non_ip mpls");
  CHECK(outcome(ethernet(kEtherTypeMpls, hex("0002a140"))) == "non_ip mpls");
}

TEST_CASE("mpls: a stack that is cut is truncated, one without end unsupported") {
  CHECK(outcome(ethernet(kEtherTypeMpls, hex("0002a040 0002"))) == "truncated tunnel");
  CHECK(outcome(ethernet(kEtherTypeMpls, Octets(200, 0))) == "unsupported tunnel");
}

TEST_CASE("mpls: below PPP and VLAN tags it is found too") {
  const Octets labelled = joined(hex("0002a140"), kInner4);
  CHECK(Decoded(joined(hex("ff03 0281"), labelled), {.link_type = LinkType::Ppp})->dst_port ==
        kInnerPort);
  CHECK(Decoded(ethernet(kEtherTypeVlan, vlan(5, kEtherTypeMpls, labelled)))->dst_port ==
        kInnerPort);
}

TEST_CASE("nsh: golden bytes give their fields") {
  const Octets bytes = joined(hex("0fc6 0103 00002a ff"), Octets(16, 0));
  const auto nsh = NshView::parse(bytes);
  REQUIRE(nsh);
  CHECK(nsh->header_len_bytes() == 24);
  CHECK(nsh->next_protocol() == 3);
  CHECK(nsh->service_path() == 42);
}

TEST_CASE("nsh: IPv4, IPv6, Ethernet and MPLS are found inside (RFC 8300 section 2)") {
  check_inside(kEtherTypeNsh, "0fc2 0201 00002aff", kInner4, 42);
  check_inside(kEtherTypeNsh, "0fc2 0202 00002aff", kInner6, 42);
  check_inside(kEtherTypeNsh, "0fc2 0203 00002aff", kFrame, 42);
  const Decoded mpls(ethernet(kEtherTypeNsh, joined(hex("0fc2 0205 00002aff 0002a140"), kInner4)));
  CHECK(mpls->outer_count == 2);
  CHECK(mpls->dst_port == kInnerPort);
}

TEST_CASE(
    "nsh: a length below 8 is malformed, another version unsupported, a cut header truncated") {
  CHECK(outcome(ethernet(kEtherTypeNsh, hex("0fc1 0203 00002aff"))) == "malformed tunnel");
  CHECK(outcome(ethernet(kEtherTypeNsh, hex("4fc2 0203 00002aff"))) == "unsupported tunnel");
  CHECK(outcome(ethernet(kEtherTypeNsh, hex("0fc3 0203 00002aff"))) == "truncated tunnel");
  CHECK(outcome(ethernet(kEtherTypeNsh, hex("0fc2 0209 00002aff"))) == "non_ip other");
}

TEST_CASE("vntag: the destination interface is the id") {
  check_inside(kEtherTypeVnTag, "002a0007 0800", kInner4, 42);
  const Octets bytes = hex("802a0007 0800");
  const auto tag = VnTagView::parse(bytes);
  REQUIRE(tag);
  CHECK(tag->dst_interface() == 42);
  CHECK(tag->src_interface() == 7);
  CHECK(outcome(ethernet(kEtherTypeVnTag, hex("002a0007 08"))) == "truncated tunnel");
}

TEST_CASE("etag: the channel is the id") {
  check_inside(kEtherTypeETag, "0000 002a 0000 0800", kInner4, 42);
  CHECK(outcome(ethernet(kEtherTypeETag, hex("0000 002a 0000 08"))) == "truncated tunnel");
}

TEST_CASE("etag: a VLAN tag may follow") {
  const Octets inside = vlan(5, kEtherTypeIpv4, kInner4);
  const Decoded packet(ethernet(kEtherTypeETag, joined(hex("0000 002a 0000 8100"), inside)));
  CHECK(packet->dst_port == kInnerPort);
  REQUIRE(packet->vlan_count == 1);
  CHECK(packet->vlan_id[0] == 5);
}

TEST_CASE("pbb: the service instance is the id, and a frame follows") {
  check_inside(kEtherTypePbb, "0000002a", kFrame, 42);
  check_inside(kEtherTypePbb, "ff00002a", kFrame, 42);
  CHECK(outcome(ethernet(kEtherTypePbb, hex("000000"))) == "truncated tunnel");
}

TEST_CASE("fabricpath: the forwarding tag is the id, and the frame of the hosts follows") {
  check_inside(kEtherTypeFabricPath, "0a87", kFrame, 42);
  CHECK(outcome(ethernet(kEtherTypeFabricPath, hex("00"))) == "truncated tunnel");
}

TEST_CASE("pppoe: the session is a layer") {
  const Octets session = joined(hex("1100 002a 0023 0021"), kInner4);
  check_inside(kEtherTypePppoeSession, "1100 002a 0023 0021", kInner4, 42);
  CHECK(Decoded(ethernet(kEtherTypePppoeSession, session))->outer[0].type == TunnelType::Pppoe);
}

TEST_CASE("pbb: frames in frames without end are unsupported") {
  Octets frame = kFrame;
  for (int i = 0; i < 30; ++i)
    frame = ethernet(kEtherTypePbb, joined(hex("0000002a"), frame));
  CHECK(outcome(frame) == "unsupported tunnel");
}

TEST_CASE("macsec: protected but not encrypted frames are read, with and without channel id") {
  check_inside(kEtherTypeMacsec, "00 00 00000001 0800", kInner4, 0);
  check_inside(kEtherTypeMacsec, "20 00 00000001 0200000000010001 0800", kInner4, 0);
}

TEST_CASE("macsec: encrypted frames are counted as such") {
  for (const char* head : {"0c", "08", "04", "2c"})
    CHECK(outcome(ethernet(kEtherTypeMacsec, joined(hex(head), Octets(40, 0x11)))) ==
          "non_ip macsec");
  CHECK(outcome(ethernet(kEtherTypeMacsec, hex("0c00 0000"))) == "truncated tunnel");
  CHECK(outcome(ethernet(kEtherTypeMacsec, joined(hex("8c"), Octets(40, 0)))) ==
        "unsupported tunnel");
}

}  // namespace
}  // namespace pktana::parse
