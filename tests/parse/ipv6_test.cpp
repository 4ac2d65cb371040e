// SPDX-License-Identifier: Apache-2.0
#include "parse/ipv6.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

Octets frame(const Ipv6Fields& fields, const Octets& payload) {
  return ethernet(kEtherTypeIpv6, ipv6(fields, payload));
}

TEST_CASE("ipv6: golden bytes give their fields") {
  const Octets bytes =
      hex("6b81 2345 0010 3aff"
          "20010db8000000000000000000000001 ff020000000000000000000000000002");
  const auto ip = Ipv6View::parse(bytes);
  REQUIRE(ip);
  CHECK(ip->traffic_class() == 0xB8);
  CHECK(ip->flow_label() == 0x12345);
  CHECK(ip->payload_len_bytes() == 16);
  CHECK(ip->next_header() == 58);
  CHECK(ip->hop_limit() == 255);
  CHECK(ip->src() == bytes.data() + 8);
  CHECK(ip->dst() == bytes.data() + 24);
}

TEST_CASE("ipv6: what was built is parsed back") {
  const Octets built = ipv6({.src = "fe80::1",
                             .dst = "ff02::2",
                             .next_header = 99,
                             .hop_limit = 3,
                             .traffic_class = 0x2E,
                             .flow_label = 0xABCDE},
                            text("payload"));
  const auto ip = Ipv6View::parse(built);
  REQUIRE(ip);
  CHECK(ip->traffic_class() == 0x2E);
  CHECK(ip->flow_label() == 0xABCDE);
  CHECK(ip->payload_len_bytes() == 7);
  CHECK(ip->next_header() == 99);
  CHECK(ip->hop_limit() == 3);
  CHECK(Octets(ip->src(), ip->src() + 16) == address_v6("fe80::1"));
  CHECK(Octets(ip->dst(), ip->dst() + 16) == address_v6("ff02::2"));
}

TEST_CASE("ipv6: fields of the packet come from the header") {
  const Decoded packet(
      frame({.hop_limit = 9, .traffic_class = 0xB8}, udp({.src_port = 7}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->ip_version == 6);
  CHECK(packet->protocol == 17);
  CHECK(packet->ttl == 9);
  CHECK(packet->tos == 0xB8);
  CHECK(packet->ip_len == 53);
  CHECK(packet->ethertype == kEtherTypeIpv6);
  CHECK(packet.offset_of(packet->src) == 22);
  CHECK(packet.offset_of(packet->dst) == 38);
  CHECK(packet->network.size() == 53);
  CHECK(packet->src_port == 7);
  CHECK(as_text(packet->payload) == "hello");
}

TEST_CASE("ipv6: version other than 6 below the IPv6 EtherType is malformed") {
  Octets bytes = frame({}, udp({}, {}));
  bytes[14] = 0x45;
  CHECK(outcome(bytes) == "malformed ipv6");
}

TEST_CASE("ipv6: payload length beyond the frame gives what is there and says that it was cut") {
  const Decoded packet(frame({.payload_len = 1400}, udp({.length = 1400}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(as_text(packet->payload) == "hello");
  CHECK(packet->payload_len == 5);
  CHECK(packet->ip_len == 1440);
  CHECK(packet->payload_cut);
}

TEST_CASE("ipv6: what the frame holds beyond the payload length is padding") {
  Octets bytes = frame({}, udp({}, text("hi")));
  bytes.insert(bytes.end(), 20, 0xEE);
  const Decoded packet(bytes);
  CHECK(as_text(packet->payload) == "hi");
  CHECK(packet->transport.size() == 10);
  CHECK(packet->network.size() == 50);
}

TEST_CASE(
    "ipv6: payload length 0 without a jumbo option takes the packet to the end of the frame") {
  const Decoded packet(frame({.next_header = 6, .payload_len = 0}, tcp({}, Octets(70000, 'x'))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->payload_len == 70000);
  CHECK(packet->ip_len == 70060);
}

TEST_CASE(
    "ipv6: payload length 0 with no next header is an empty packet, whatever pads the frame") {
  Octets bytes = frame({.next_header = 59}, {});
  bytes.insert(bytes.end(), 6, 0xEE);
  const Decoded packet(bytes);
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 59);
  CHECK(packet->payload_len == 0);
  CHECK(packet->payload.empty());
  CHECK(packet->ip_len == 40);
}

TEST_CASE("ipv6: no next header makes a flow of protocol 59 (RFC 8200 section 4.7)") {
  const Decoded packet(frame({.next_header = 59}, text("ignored")));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 59);
}

}  // namespace
}  // namespace pktana::parse
