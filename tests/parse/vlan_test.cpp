// SPDX-License-Identifier: Apache-2.0
#include "parse/vlan.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kIp = ipv4({}, udp({.dst_port = 53}, text("hello")));

/// Frame with `depth` tags, ids 1, 2, ... from the outside in.
Octets stacked(unsigned depth) {
  Octets inside = kIp;
  uint16_t type = kEtherTypeIpv4;
  for (unsigned id = depth; id > 0; --id) {
    inside = vlan(static_cast<uint16_t>(id), type, inside);
    type = kEtherTypeVlan;
  }
  return ethernet(type, inside);
}

TEST_CASE("vlan: golden bytes give their fields") {
  const Octets bytes = hex("b064 86dd");
  const auto tag = VlanView::parse(bytes);
  REQUIRE(tag);
  CHECK(tag->id() == 100);
  CHECK(tag->tci() == 0xB064);
  CHECK(tag->type() == kEtherTypeIpv6);
}

TEST_CASE("vlan: priority bits are no part of the id") {
  const Decoded packet(ethernet(kEtherTypeVlan, vlan(0xF005, kEtherTypeIpv4, kIp)));
  REQUIRE(packet->verdict == Verdict::Ip);
  REQUIRE(packet->vlan_count == 1);
  CHECK(packet->vlan_id[0] == 5);
  CHECK(packet->ethertype == kEtherTypeIpv4);
  CHECK(packet->dst_port == 53);
}

TEST_CASE("vlan: a priority tag counts as VLAN 0 (802.1Q clause 9.6)") {
  const Decoded packet(ethernet(kEtherTypeVlan, vlan(0xE000, kEtherTypeIpv4, kIp)));
  REQUIRE(packet->vlan_count == 1);
  CHECK(packet->vlan_id[0] == 0);
}

TEST_CASE("vlan: 802.1Q, 802.1ad and 0x9100 tags stack in any order") {
  const Octets inner = vlan(3, kEtherTypeIpv4, kIp);
  const Octets middle = vlan(2, kEtherTypeVlan, inner);
  const Decoded packet(ethernet(kEtherTypeServiceVlan, vlan(1, kEtherTypeOldQinq, middle)));
  REQUIRE(packet->verdict == Verdict::Ip);
  REQUIRE(packet->vlan_count == 3);
  CHECK(packet->vlan_id[0] == 1);
  CHECK(packet->vlan_id[1] == 2);
  CHECK(packet->vlan_id[2] == 3);
}

TEST_CASE("vlan: the tag that the kernel took out is the outermost") {
  const Decoded packet(ethernet(kEtherTypeVlan, vlan(7, kEtherTypeIpv4, kIp)),
                       {.stripped = {.tpid = kEtherTypeServiceVlan, .tci = 0x2009}});
  REQUIRE(packet->vlan_count == 2);
  CHECK(packet->vlan_id[0] == 9);
  CHECK(packet->vlan_id[1] == 7);
}

TEST_CASE("vlan: eight tags are kept, a ninth is malformed") {
  const Decoded packet(stacked(8));
  REQUIRE(packet->verdict == Verdict::Ip);
  REQUIRE(packet->vlan_count == 8);
  CHECK(packet->vlan_id[7] == 8);
  CHECK(outcome(stacked(9)) == "malformed vlan");
  CHECK(outcome(stacked(8), {.stripped = {.tpid = kEtherTypeVlan, .tci = 1}}) == "malformed vlan");
}

TEST_CASE("vlan: a tag that is cut is truncated") {
  const Octets whole = stacked(2);
  for (size_t length = 14; length < 22; ++length)
    CHECK(outcome(Octets(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))) ==
          "truncated vlan");
}

TEST_CASE("vlan: a packet without tags has none, whatever was decoded before") {
  const Decoded packet(ethernet(kEtherTypeIpv4, kIp));
  CHECK(packet->vlan_count == 0);
}

}  // namespace
}  // namespace pktana::parse
