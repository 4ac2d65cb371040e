// SPDX-License-Identifier: Apache-2.0
#include "parse/icmp.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "parse/icmpv6.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

Octets frame(const Octets& message) {
  return ethernet(kEtherTypeIpv4, ipv4({.protocol = 1}, message));
}
Octets frame_v6(const Octets& message) {
  return ethernet(kEtherTypeIpv6, ipv6({.next_header = 58}, message));
}

TEST_CASE("icmp: golden bytes of an echo request give their fields") {
  const Octets bytes = hex("0800 1234 beef 0007 6162");
  const auto icmp = IcmpView::parse(bytes);
  REQUIRE(icmp);
  CHECK(icmp->type() == 8);
  CHECK(icmp->code() == 0);
  CHECK(icmp->id() == 0xBEEF);
  CHECK(as_text(icmp->payload()) == "ab");
}

TEST_CASE("icmp: fields of the packet come from the header") {
  const Decoded packet(frame(icmp({.type = 0, .rest = 0xBEEF0001}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->icmp_type == 0);
  CHECK(packet->icmp_id == 0xBEEF);
  CHECK(packet->src_port == 0);
  CHECK(packet->payload_len == 5);
  CHECK(as_text(packet->payload) == "hello");
}

TEST_CASE("icmp: the queries have an identifier, errors have none") {
  for (const uint8_t type : std::initializer_list<uint8_t>{0, 8, 13, 14, 15, 16, 17, 18, 42, 43})
    CHECK(Decoded(frame(icmp({.type = type, .rest = 0xBEEF0001}, {})))->icmp_id == 0xBEEF);
  for (const uint8_t type : std::initializer_list<uint8_t>{3, 4, 5, 9, 10, 11, 12})
    CHECK(Decoded(frame(icmp({.type = type, .rest = 0xBEEF0001}, {})))->icmp_id == 0);
}

TEST_CASE("icmpv6: the queries have an identifier, the rest has none") {
  for (const uint8_t type : std::initializer_list<uint8_t>{128, 129, 144, 145, 146, 147, 160, 161})
    CHECK(Decoded(frame_v6(icmp({.type = type, .rest = 0xBEEF0001}, {})))->icmp_id == 0xBEEF);
  for (const uint8_t type :
       std::initializer_list<uint8_t>{1, 2, 3, 4, 130, 133, 134, 135, 136, 143})
    CHECK(Decoded(frame_v6(icmp({.type = type, .rest = 0xBEEF0001}, {})))->icmp_id == 0);
}

TEST_CASE("icmpv6: fields of the packet come from the header") {
  const Decoded packet(frame_v6(icmp({.type = 1, .code = 4}, text("quoted"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 58);
  CHECK(packet->icmp_type == 1);
  CHECK(packet->icmp_code == 4);
  CHECK(as_text(packet->payload) == "quoted");
}

TEST_CASE("icmp: what an error quotes does not become the packet") {
  const Octets quoted = ipv4({.src = "10.9.9.9", .protocol = 6}, tcp({.src_port = 1}, {}));
  const Decoded packet(frame(icmp({.type = 3, .code = 1}, quoted)));
  CHECK(packet->protocol == 1);
  CHECK(packet->src_port == 0);
  CHECK(Octets(packet->src, packet->src + 4) == address_v4("192.0.2.1"));
}

TEST_CASE("icmp: a message of 4 bytes is enough, a shorter one is truncated") {
  const Octets whole = icmp({.type = 8, .rest = 0xBEEF0001}, {});
  for (size_t length = 0; length < 8; ++length) {
    const Octets message(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    CHECK(outcome(frame(message)) == (length < 4 ? "truncated icmp" : "ip"));
    CHECK(outcome(frame_v6(message)) == (length < 4 ? "truncated icmpv6" : "ip"));
    CHECK(Decoded(frame(message))->payload_len == 0);
  }
}

TEST_CASE("icmp: an identifier that was cut off is 0") {
  const Octets whole = icmp({.type = 8, .rest = 0xBEEF0001}, {});
  const Decoded packet(frame(Octets(whole.begin(), whole.begin() + 5)));
  CHECK(packet->verdict == Verdict::Ip);
  CHECK(packet->icmp_id == 0);
}

}  // namespace
}  // namespace pktana::parse
