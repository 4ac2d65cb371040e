// SPDX-License-Identifier: Apache-2.0
#include "parse/gre.h"

#include "parse/decoded.h"
#include "parse/erspan.h"
#include "parse/tunnel_frames.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kFrame = ethernet(kEtherTypeIpv4, kInner4);

TEST_CASE("gre: golden bytes with checksum, key and sequence number give their fields") {
  const Octets bytes = hex("b000 0800 1234 0000 0000002a 00000007 45");
  const auto gre = GreView::parse(bytes);
  REQUIRE(gre);
  CHECK(gre->version() == 0);
  CHECK(gre->protocol() == kEtherTypeIpv4);
  CHECK(gre->header_len_bytes() == 16);
  CHECK(gre->key() == 42);
  CHECK(gre->has_sequence());
}

TEST_CASE("gre: every combination of flags finds the inside (RFC 2784, 2890)") {
  for (const char* header :
       {"0000 0800", "8000 0800 12340000", "2000 0800 0000002a", "1000 0800 00000007",
        "a000 0800 12340000 0000002a", "9000 0800 12340000 00000007", "3000 0800 0000002a 00000007",
        "b000 0800 12340000 0000002a 00000007"}) {
    INFO(header);
    CHECK(Decoded(over_gre(header, kInner4))->dst_port == kInnerPort);
  }
}

TEST_CASE("gre: source routes are passed (RFC 1701)") {
  const char* const header = "4000 0800 00000000 0800 0004 c0000201 0000 0000";
  CHECK(Decoded(over_gre(header, kInner4))->dst_port == kInnerPort);
}

TEST_CASE("gre: source routes without end are not followed") {
  Octets endless = hex("4000 0800 00000000");
  for (int i = 0; i < 20; ++i)
    put_octets(endless, hex("0800 0004 c0000201"));
  const auto gre = GreView::parse(endless);
  REQUIRE_FALSE(gre);
  CHECK(gre.error() == ParseError::Unsupported);
}

TEST_CASE("gre: the key is the id") {
  const Decoded packet(over_gre("2000 0800 0000002a", kInner4));
  REQUIRE(packet->outer_count == 1);
  CHECK(packet->outer[0].type == TunnelType::Gre);
  CHECK(packet->outer[0].id == 42);
  CHECK(packet->ethertype == kEtherTypeIpv4);
}

TEST_CASE("gre: IPv6, Ethernet, MPLS and PPP are found inside") {
  CHECK(Decoded(over_gre("0000 86dd", kInner6))->dst_port == kInnerPort);
  CHECK(Decoded(over_gre("0000 6558", kFrame))->dst_port == kInnerPort);
  CHECK(Decoded(over_gre("0000 8847 00010140", kInner4))->dst_port == kInnerPort);
  CHECK(Decoded(over_gre("0000 880b ff030021", kInner4))->dst_port == kInnerPort);
}

TEST_CASE("gre: WCCP's redirect header may be there or not") {
  CHECK(Decoded(over_gre("0000 883e", kInner4))->dst_port == kInnerPort);
  CHECK(Decoded(over_gre("0000 883e 00010203", kInner4))->dst_port == kInnerPort);
}

TEST_CASE(
    "gre: another version, a protocol without IP and a cut header leave a flow of protocol 47") {
  for (const char* header : {"0002 0800", "0000 2000", "0000 0000", "2000 0800 0000"}) {
    const Decoded packet(over_gre(header, {}));
    REQUIRE(packet->verdict == Verdict::Ip);
    CHECK(packet->protocol == 47);
    CHECK(packet->src_port == 0);
    CHECK(packet->outer_count == 0);
  }
}

TEST_CASE("nvgre: key alone and an Ethernet frame make a virtual subnet (RFC 7637 section 3.2)") {
  const Decoded packet(over_gre("2000 6558 00123456", kFrame));
  REQUIRE(packet->outer_count == 1);
  CHECK(packet->outer[0].type == TunnelType::Nvgre);
  CHECK(packet->outer[0].id == 0x001234);
  CHECK(packet->dst_port == kInnerPort);
  CHECK(Decoded(over_gre("3000 6558 00123456 00000001", kFrame))->outer[0].type == TunnelType::Gre);
}

TEST_CASE("pptp: PPP is found behind sequence and acknowledgement numbers (RFC 2637 section 4.1)") {
  for (const char* header :
       {"3001 880b 00250007 00000001 ff030021", "3081 880b 00250007 00000001 00000002 0021"}) {
    const Decoded packet(over_gre(header, kInner4));
    CHECK(packet->dst_port == kInnerPort);
    REQUIRE(packet->outer_count == 1);
    CHECK(packet->outer[0].type == TunnelType::Pptp);
    CHECK(packet->outer[0].id == 7);
  }
}

TEST_CASE("pptp: acknowledgements and control packets leave a flow of protocol 47") {
  CHECK(Decoded(over_gre("2081 880b 00000007 00000002", {}))->protocol == 47);
  CHECK(Decoded(over_gre("3001 880b 00060007 00000001 c021 0101 0004", {}))->protocol == 47);
  CHECK_FALSE(GreView::parse(hex("1001 880b 00000001")));
}

TEST_CASE("erspan: golden bytes of types II and III give their fields") {
  const Octets two = hex("1005 a82a 00000001");
  const auto second = ErspanView::parse(two);
  REQUIRE(second);
  CHECK(second->session() == 42);
  CHECK(second->header_len_bytes() == 8);
  const Octets three = hex("2005 a82a 00000000 0000 0801");
  CHECK_FALSE(ErspanView::parse(three));
  const Octets with_subheader = joined(three, Octets(8, 0));
  const auto third = ErspanView::parse(with_subheader);
  REQUIRE(third);
  CHECK(third->session() == 42);
  CHECK(third->header_len_bytes() == 20);
  CHECK(third->carries_ip());
}

TEST_CASE("erspan: types I, II and III are followed, with the session as id") {
  const Decoded one(over_gre("0000 88be", kFrame));
  CHECK(one->dst_port == kInnerPort);
  CHECK(one->outer[0].type == TunnelType::Erspan);
  CHECK(one->outer[0].id == 0);
  const Decoded two(over_gre("1000 88be 00000001 1005a82a00000001", kFrame));
  CHECK(two->dst_port == kInnerPort);
  CHECK(two->outer[0].id == 42);
  const Decoded three(over_gre("1000 22eb 00000001 2005a82a0000000000000000", kFrame));
  CHECK(three->dst_port == kInnerPort);
  CHECK(three->outer[0].id == 42);
  const Decoded bare(over_gre("1000 22eb 00000001 2005a82a0000000000000800", kInner4));
  CHECK(bare->dst_port == kInnerPort);
}

}  // namespace
}  // namespace pktana::parse
