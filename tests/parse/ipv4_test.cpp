// SPDX-License-Identifier: Apache-2.0
#include "parse/ipv4.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

Octets frame(const Ipv4Fields& fields, const Octets& payload) {
  return ethernet(kEtherTypeIpv4, ipv4(fields, payload));
}

TEST_CASE("ipv4: golden bytes give their fields") {
  const Octets bytes =
      hex("4528 0054 1c46 4000 4011 a5f6 c000 0201 c633 6402"
          "1234 0035 0040 0000");
  const auto ip = Ipv4View::parse(bytes);
  REQUIRE(ip);
  CHECK(ip->header_len_bytes() == 20);
  CHECK(ip->tos() == 0x28);
  CHECK(ip->total_len_bytes() == 84);
  CHECK(ip->id() == 0x1c46);
  CHECK_FALSE(ip->is_fragment());
  CHECK(ip->ttl() == 64);
  CHECK(ip->protocol() == 17);
  CHECK(ip->src() == bytes.data() + 12);
  CHECK(ip->dst() == bytes.data() + 16);
}

TEST_CASE("ipv4: what was built is parsed back") {
  const Octets built = ipv4({.src = "10.1.2.3",
                             .dst = "10.4.5.6",
                             .protocol = 99,
                             .ttl = 3,
                             .tos = 0xB8,
                             .id = 77,
                             .options = hex("01010101 94040000")},
                            text("payload"));
  const auto ip = Ipv4View::parse(built);
  REQUIRE(ip);
  CHECK(ip->header_len_bytes() == 28);
  CHECK(ip->total_len_bytes() == 35);
  CHECK(ip->protocol() == 99);
  CHECK(ip->ttl() == 3);
  CHECK(ip->tos() == 0xB8);
  CHECK(ip->id() == 77);
  CHECK(Octets(ip->src(), ip->src() + 4) == address_v4("10.1.2.3"));
  CHECK(Octets(ip->dst(), ip->dst() + 4) == address_v4("10.4.5.6"));
}

TEST_CASE("ipv4: fields of the packet come from the header") {
  const Decoded packet(frame({.protocol = 99, .ttl = 3, .tos = 0xB8}, text("payload")));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->ip_version == 4);
  CHECK(packet->protocol == 99);
  CHECK(packet->ttl == 3);
  CHECK(packet->tos == 0xB8);
  CHECK(packet->ip_len == 27);
  CHECK(packet->ethertype == kEtherTypeIpv4);
  CHECK(packet.offset_of(packet->src) == 26);
  CHECK(packet.offset_of(packet->dst) == 30);
  CHECK(packet.offset_of(packet->network.data()) == 14);
  CHECK(packet->network.size() == 27);
}

TEST_CASE("ipv4: options move the transport header") {
  const Decoded packet(frame({.options = hex("01010101")}, udp({.src_port = 7}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->src_port == 7);
  CHECK(packet.offset_of(packet->transport.data()) == 14 + 24);
  CHECK(as_text(packet->payload) == "hello");
}

TEST_CASE("ipv4: header length below 20 is malformed") {
  for (uint8_t ihl = 0; ihl < 5; ++ihl) {
    const auto version_ihl = static_cast<uint8_t>(0x40 | ihl);
    CHECK(outcome(frame({.version_ihl = version_ihl}, udp({}, {}))) == "malformed ipv4");
  }
}

TEST_CASE("ipv4: version other than 4 below the IPv4 EtherType is malformed") {
  CHECK(outcome(frame({.version_ihl = 0x65}, udp({}, {}))) == "malformed ipv4");
  CHECK(outcome(frame({.version_ihl = 0x05}, udp({}, {}))) == "malformed ipv4");
}

TEST_CASE("ipv4: total length below the header length is malformed, but 0 is not") {
  CHECK(outcome(frame({.total_len = 19}, udp({}, {}))) == "malformed ipv4");
  CHECK(outcome(frame({.total_len = 1}, udp({}, {}))) == "malformed ipv4");
  CHECK(outcome(frame({.options = hex("01010101"), .total_len = 23}, udp({}, {}))) ==
        "malformed ipv4");
  CHECK(outcome(frame({.total_len = 0}, udp({}, {}))) == "ip");
}

TEST_CASE("ipv4: total length 0 (segmentation offload) takes the packet to the end of the frame") {
  const Decoded packet(frame({.protocol = 6, .total_len = 0}, tcp({}, Octets(70000, 'x'))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->payload_len == 70000);
  CHECK(packet->payload.size() == 70000);
  CHECK(packet->ip_len == 70040);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("ipv4: total length beyond the frame gives what is there and says that it was cut") {
  const Decoded packet(frame({.total_len = 1500}, udp({.length = 1480}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(as_text(packet->payload) == "hello");
  CHECK(packet->payload_len == 5);
  CHECK(packet->ip_len == 1500);
  CHECK(packet->payload_cut);
}

TEST_CASE("ipv4: a payload cut by the snap length counts as sent") {
  Octets bytes = frame({}, udp({}, Octets(1000, 'x')));
  const auto wire_len = static_cast<uint32_t>(bytes.size());
  bytes.resize(96);
  const Decoded packet(bytes, {.wire_len = wire_len});
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->payload_len == 1000);
  CHECK(packet->payload.size() == 96 - 42);
  CHECK(packet->payload_cut);
}

TEST_CASE("ipv4: Ethernet padding is never payload") {
  const Decoded packet(padded(frame({}, udp({}, text("hi")))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(as_text(packet->payload) == "hi");
  CHECK(packet->payload_len == 2);
  CHECK(packet->transport.size() == 10);
  CHECK(packet->network.size() == 30);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("ipv4: a first fragment has ports and the length of its own payload") {
  const Decoded packet(frame({.id = 9, .fragment = 0x2000},
                             udp({.dst_port = 53, .length = 3000}, Octets(100, 'x'))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->fragment == Fragment::First);
  CHECK(packet->fragment_id == 9);
  CHECK(packet->fragment_offset == 0);
  CHECK(packet->dst_port == 53);
  CHECK(packet->payload_len == 100);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("ipv4: a later fragment has no ports and no transport header") {
  const Decoded packet(frame({.protocol = 6, .id = 9, .fragment = 185}, Octets(100, 'x')));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->fragment == Fragment::Later);
  CHECK(packet->fragment_id == 9);
  CHECK(packet->fragment_offset == 1480);
  CHECK(packet->protocol == 6);
  CHECK(packet->src_port == 0);
  CHECK(packet->dst_port == 0);
  CHECK(packet->tcp_flags == 0);
  CHECK(packet->payload_len == 100);
  CHECK(packet->payload.size() == 100);
}

TEST_CASE("ipv4: the don't-fragment bit makes no fragment") {
  const Decoded packet(frame({.fragment = 0x4000}, udp({}, {})));
  CHECK(packet->fragment == Fragment::None);
  CHECK(packet->fragment_id == 0);
}

TEST_CASE("ipv4: an unknown protocol is a flow without ports") {
  const Decoded packet(frame({.protocol = 253}, text("payload")));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->src_port == 0);
  CHECK(packet->dst_port == 0);
  CHECK(as_text(packet->payload) == "payload");
  CHECK(packet->payload_len == 7);
}

TEST_CASE("ipv4: ESP is a flow of protocol 50 without ports") {
  const Decoded packet(frame({.protocol = 50}, hex("00000001 00000001 aabbccdd")));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 50);
  CHECK(packet->src_port == 0);
}

TEST_CASE("ipv4: behind an authentication header the inner protocol counts") {
  const Octets ah = hex("1104 0000 00000001 00000001 000000000000000000000000");
  const Decoded packet(frame({.protocol = 51}, joined(ah, udp({.dst_port = 53}, text("hello")))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 17);
  CHECK(packet->dst_port == 53);
  CHECK(as_text(packet->payload) == "hello");
}

TEST_CASE("ipv4: an authentication header that can't be read is a flow of protocol 51") {
  const Decoded cut(frame({.protocol = 51}, hex("1104 0000 00000001")));
  CHECK(cut->verdict == Verdict::Ip);
  CHECK(cut->protocol == 51);
  const Decoded too_short(frame({.protocol = 51}, hex("1100 0000 00000001 00000001 00000001")));
  CHECK(too_short->verdict == Verdict::Ip);
  CHECK(too_short->protocol == 51);
}

}  // namespace
}  // namespace pktana::parse
