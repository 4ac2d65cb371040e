// SPDX-License-Identifier: Apache-2.0
#include "parse/udp.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

constexpr size_t kUdpAt = 14 + 20;

Octets frame(const Octets& datagram) { return ethernet(kEtherTypeIpv4, ipv4({}, datagram)); }

TEST_CASE("udp: golden bytes give their fields") {
  const Octets bytes = hex("9c40 0035 000b abcd 616263 ee");
  const auto udp = UdpView::parse(bytes);
  REQUIRE(udp);
  CHECK(udp->src_port() == 40000);
  CHECK(udp->dst_port() == 53);
  CHECK(udp->length_bytes() == 11);
  CHECK(as_text(udp->payload()) == "abc");
}

TEST_CASE("udp: fields of the packet come from the header") {
  const Decoded packet(frame(udp({.src_port = 1, .dst_port = 2}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->src_port == 1);
  CHECK(packet->dst_port == 2);
  CHECK(as_text(packet->payload) == "hello");
  CHECK(packet->payload_len == 5);
  CHECK(packet->tcp_flags == 0);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("udp: length field below 8 is malformed") {
  for (uint16_t length = 1; length < 8; ++length)
    CHECK(outcome(frame(udp({.length = length}, text("hello")))) == "malformed udp");
}

TEST_CASE("udp: length 0 takes the payload to the end of the IP packet (RFC 2675 section 4)") {
  const Decoded packet(padded(frame(udp({.length = 0}, text("hello")))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(as_text(packet->payload) == "hello");
  CHECK(packet->payload_len == 5);
}

TEST_CASE("udp: length below that of the IP payload ends the payload") {
  const Decoded packet(frame(udp({.length = 10}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(as_text(packet->payload) == "he");
  CHECK(packet->payload_len == 2);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("udp: length beyond the IP payload gives what is there and says that it was cut") {
  const Decoded packet(frame(udp({.length = 100}, text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(as_text(packet->payload) == "hello");
  CHECK(packet->payload_len == 5);
  CHECK(packet->payload_cut);
}

TEST_CASE("udp: a header cut before the ports are whole is truncated, later it gives them") {
  const Octets whole = frame(udp({.src_port = 1, .dst_port = 2}, text("hello")));
  for (size_t kept = 0; kept < 8; ++kept) {
    const Octets bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(kUdpAt + kept));
    const Decoded packet(bytes, {.wire_len = static_cast<uint32_t>(whole.size())});
    CHECK(outcome(*packet) == (kept < 4 ? "truncated udp" : "ip"));
    if (kept < 4) continue;
    CHECK(packet->src_port == 1);
    CHECK(packet->dst_port == 2);
    CHECK(packet->payload_len == 5);
    CHECK(packet->payload_cut);
  }
}

}  // namespace
}  // namespace pktana::parse
