// SPDX-License-Identifier: Apache-2.0
#include "parse/ipv6_extension.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

/// Frame with `chain` behind the IPv6 header; `first` is its first header.
Octets frame(uint8_t first, const Octets& chain) {
  return ethernet(kEtherTypeIpv6, ipv6({.next_header = first}, chain));
}

const Octets kHello = udp({.src_port = 7, .dst_port = 9}, text("hello"));

/// PadN over the 6 option bytes of an 8-byte header.
const Octets kPadding = hex("0104 00000000");

TEST_CASE("ipv6_extension: golden bytes of a fragment header give its fields") {
  const Octets bytes = hex("0600 05a9 12345678 ffff");
  const auto header = Ipv6ExtensionView::parse(kIpProtoFragment, bytes);
  REQUIRE(header);
  CHECK(header->next_header() == 6);
  CHECK(header->length_bytes() == 8);
  CHECK(header->fragment_offset_bytes() == 1448);
  CHECK(header->more_fragments());
  CHECK(header->fragment_id() == 0x12345678);
}

TEST_CASE("ipv6_extension: the length counts 8-byte units, of AH 4-byte units") {
  CHECK(Ipv6ExtensionView::parse(kIpProtoDestOptions, Octets(24, 2))->length_bytes() == 24);
  CHECK(Ipv6ExtensionView::parse(kIpProtoAh, Octets(16, 2))->length_bytes() == 16);
  CHECK_FALSE(Ipv6ExtensionView::parse(kIpProtoDestOptions, Octets(23, 2)));
  CHECK_FALSE(Ipv6ExtensionView::parse(kIpProtoAh, Octets(15, 2)));
}

TEST_CASE(
    "ipv6_extension: hop-by-hop, routing and destination options lead to the transport header") {
  for (const uint8_t type : {kIpProtoHopByHop, kIpProtoRouting, kIpProtoDestOptions}) {
    const Decoded packet(frame(type, ipv6_extension(17, kPadding, kHello)));
    REQUIRE(packet->verdict == Verdict::Ip);
    CHECK(packet->protocol == 17);
    CHECK(packet->src_port == 7);
    CHECK(as_text(packet->payload) == "hello");
  }
}

TEST_CASE("ipv6_extension: a chain of all kinds is walked to its end (RFC 8200 section 4.1)") {
  const Octets ah = hex("1104 0000 00000001 00000001 000000000000000000000000");
  const Octets chain = ipv6_extension(
      60, kPadding,
      ipv6_extension(43, kPadding,
                     ipv6_extension(44, kPadding, ipv6_fragment(51, 0, 1, joined(ah, kHello)))));
  const Decoded packet(frame(kIpProtoHopByHop, chain));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 17);
  CHECK(packet->dst_port == 9);
  CHECK(as_text(packet->payload) == "hello");
}

TEST_CASE("ipv6_extension: a first fragment has ports") {
  const Decoded packet(frame(kIpProtoFragment, ipv6_fragment(17, 0x0001, 0xABCD, kHello)));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->fragment == Fragment::First);
  CHECK(packet->fragment_id == 0xABCD);
  CHECK(packet->src_port == 7);
}

TEST_CASE("ipv6_extension: a later fragment has no ports") {
  const Decoded packet(frame(kIpProtoFragment, ipv6_fragment(17, 1448, 0xABCD, kHello)));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->fragment == Fragment::Later);
  CHECK(packet->fragment_offset == 1448);
  CHECK(packet->protocol == 17);
  CHECK(packet->src_port == 0);
  CHECK(packet->payload_len == kHello.size());
}

TEST_CASE("ipv6_extension: an atomic fragment is a whole datagram (RFC 6946)") {
  const Decoded packet(frame(kIpProtoFragment, ipv6_fragment(17, 0, 0xABCD, kHello)));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->fragment == Fragment::None);
  CHECK(packet->fragment_id == 0);
  CHECK(packet->src_port == 7);
}

TEST_CASE("ipv6_extension: a jumbo payload option says the length (RFC 2675 section 2)") {
  const Octets datagram = udp({.length = 0}, Octets(70000, 'x'));
  Octets option = hex("c204");
  put_u32(option, static_cast<uint32_t>(8 + datagram.size()));
  const Octets ip =
      ipv6({.next_header = 0, .payload_len = 0}, ipv6_extension(17, option, datagram));
  Octets bytes = ethernet(kEtherTypeIpv6, ip);
  bytes.insert(bytes.end(), 4, 0xEE);
  const Decoded packet(bytes);
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->payload_len == 70000);
  CHECK(packet->payload.size() == 70000);
  CHECK(packet->ip_len == 40 + 8 + 70008);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE(
    "ipv6_extension: mobility, HIP and shim6 messages with nothing behind keep their number") {
  for (const uint8_t type : {kIpProtoMobility, kIpProtoHip, kIpProtoShim6}) {
    const Decoded packet(frame(type, ipv6_extension(59, hex("050000000000"), {})));
    REQUIRE(packet->verdict == Verdict::Ip);
    CHECK(packet->protocol == type);
    CHECK(packet->payload_len == 8);
  }
}

TEST_CASE("ipv6_extension: mobility with a payload behind leads to it") {
  const Decoded packet(frame(kIpProtoMobility, ipv6_extension(17, hex("050000000000"), kHello)));
  CHECK(packet->protocol == 17);
  CHECK(packet->src_port == 7);
}

TEST_CASE("ipv6_extension: a header beyond the packet is truncated") {
  Octets chain = ipv6_extension(17, kPadding, kHello);
  chain[1] = 200;
  CHECK(outcome(frame(kIpProtoDestOptions, chain)) == "truncated ipv6_extension");
}

TEST_CASE("ipv6_extension: an endless chain is unsupported, not followed") {
  Octets chain = kHello;
  for (int i = 0; i < 40; ++i)
    chain = ipv6_extension(i == 0 ? 17 : 60, kPadding, chain);
  CHECK(outcome(frame(kIpProtoDestOptions, chain)) == "unsupported ipv6_extension");
}

TEST_CASE("ipv6_extension: a chain of 16 headers is followed") {
  Octets chain = kHello;
  for (int i = 0; i < 16; ++i)
    chain = ipv6_extension(i == 0 ? 17 : 60, kPadding, chain);
  const Decoded packet(frame(kIpProtoDestOptions, chain));
  CHECK(packet->verdict == Verdict::Ip);
  CHECK(packet->dst_port == 9);
}

TEST_CASE("ipv6_extension: options that lie about their length hold no jumbo length") {
  CHECK_FALSE(
      Ipv6ExtensionView::parse(kIpProtoHopByHop, hex("3b00 01ff 00000000"))->jumbo_len_bytes());
  CHECK_FALSE(
      Ipv6ExtensionView::parse(kIpProtoHopByHop, hex("3b00 0103 000000c2"))->jumbo_len_bytes());
  CHECK(Ipv6ExtensionView::parse(kIpProtoHopByHop, hex("3b00 c204 00012345"))->jumbo_len_bytes() ==
        0x12345U);
  CHECK(Ipv6ExtensionView::parse(kIpProtoHopByHop, hex("3b01 0000 c204 00012345 01020000 0000"))
            ->jumbo_len_bytes() == 0x12345U);
}

}  // namespace
}  // namespace pktana::parse
