// SPDX-License-Identifier: Apache-2.0
#include "parse/tcp.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

constexpr size_t kTcpAt = 14 + 20;

Octets frame(const Octets& segment) {
  return ethernet(kEtherTypeIpv4, ipv4({.protocol = 6}, segment));
}

TEST_CASE("tcp: golden bytes give their fields") {
  const Octets bytes = hex("9c40 01bb 11223344 55667788 7052 2000 abcd 0000 020405b401010402 aabb");
  const auto tcp = TcpView::parse(bytes, bytes.size());
  REQUIRE(tcp);
  CHECK(tcp->src_port() == 40000);
  CHECK(tcp->dst_port() == 443);
  CHECK(tcp->seq() == 0x11223344);
  CHECK(tcp->ack() == 0x55667788);
  CHECK(tcp->header_len_bytes() == 28);
  CHECK(tcp->flags() == (kTcpSyn | kTcpAck | kTcpEce));
  CHECK(tcp->window() == 0x2000);
  CHECK(tcp->options().size() == 8);
  CHECK(tcp->payload().size() == 2);
}

TEST_CASE("tcp: fields of the packet come from the header") {
  const Decoded packet(frame(tcp({.src_port = 1,
                                  .dst_port = 2,
                                  .seq = 3,
                                  .ack = 4,
                                  .flags = 0x18,
                                  .window = 5,
                                  .options = hex("01010101")},
                                 text("hello"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->src_port == 1);
  CHECK(packet->dst_port == 2);
  CHECK(packet->tcp_seq == 3);
  CHECK(packet->tcp_ack == 4);
  CHECK(packet->tcp_flags == 0x18);
  CHECK(packet->tcp_window == 5);
  CHECK(packet->tcp_options.size() == 4);
  CHECK(as_text(packet->payload) == "hello");
  CHECK(packet->payload_len == 5);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("tcp: data offset below 5 is malformed") {
  for (uint8_t words = 0; words < 5; ++words)
    CHECK(outcome(frame(tcp({.data_offset = words}, text("hello")))) == "malformed tcp");
}

TEST_CASE("tcp: data offset beyond the packet is malformed") {
  CHECK(outcome(frame(tcp({.data_offset = uint8_t{6}}, text("abc")))) == "malformed tcp");
  CHECK(outcome(padded(frame(tcp({.data_offset = uint8_t{6}}, {})))) == "malformed tcp");
  CHECK(outcome(frame(tcp({.data_offset = uint8_t{6}}, text("abcd")))) == "ip");
}

TEST_CASE("tcp: a header cut before the ports are whole is truncated") {
  Octets bytes = frame(tcp({}, text("hello")));
  const auto wire_len = static_cast<uint32_t>(bytes.size());
  for (size_t kept = 0; kept < 4; ++kept) {
    bytes.resize(kTcpAt + kept);
    CHECK(outcome(bytes, {.wire_len = wire_len}) == "truncated tcp");
    bytes.resize(wire_len);
  }
}

TEST_CASE("tcp: a header cut behind the ports still gives them") {
  const Octets whole = frame(tcp({.src_port = 1, .dst_port = 2, .flags = 0x18}, text("hello")));
  for (size_t kept = 4; kept < 20; ++kept) {
    const Octets bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(kTcpAt + kept));
    const Decoded packet(bytes, {.wire_len = static_cast<uint32_t>(whole.size())});
    REQUIRE(packet->verdict == Verdict::Ip);
    CHECK(packet->src_port == 1);
    CHECK(packet->dst_port == 2);
    CHECK(packet->tcp_flags == 0);
    CHECK(packet->payload_len == 5);
    CHECK(packet->payload.empty());
    CHECK(packet->payload_cut);
  }
}

TEST_CASE("tcp: options cut by the snap length leave the fixed fields") {
  Octets bytes = frame(tcp({.flags = 0x02, .options = hex("020405b4 01010402")}, {}));
  const auto wire_len = static_cast<uint32_t>(bytes.size());
  bytes.resize(kTcpAt + 20 + 5);
  const Decoded packet(bytes, {.wire_len = wire_len});
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->tcp_flags == kTcpSyn);
  CHECK(packet->tcp_options.size() == 5);
  CHECK(packet->payload.empty());
  CHECK(packet->payload_len == 0);
  CHECK(packet->payload_cut);
}

TEST_CASE("tcp: a tiny first fragment gives the ports (RFC 1858 section 3)") {
  const Octets start = Octets(tcp({.src_port = 1, .dst_port = 2}, {}));
  const Octets bytes = ethernet(kEtherTypeIpv4, ipv4({.protocol = 6, .fragment = 0x2000},
                                                     Octets(start.begin(), start.begin() + 8)));
  const Decoded packet(bytes);
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->fragment == Fragment::First);
  CHECK(packet->dst_port == 2);
  CHECK(packet->tcp_flags == 0);
  CHECK(packet->payload_len == 0);
}

}  // namespace
}  // namespace pktana::parse
