// SPDX-License-Identifier: Apache-2.0
#include "parse/sctp.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

Octets frame(const Octets& message) {
  return ethernet(kEtherTypeIpv4, ipv4({.protocol = 132}, message));
}

TEST_CASE("sctp: golden bytes give their fields") {
  const Octets bytes = hex("0b59 0b5a 00000e10 01020304 0a00 0004");
  const auto sctp = SctpView::parse(bytes);
  REQUIRE(sctp);
  CHECK(sctp->src_port() == 2905);
  CHECK(sctp->dst_port() == 2906);
  CHECK(sctp->verification_tag() == 3600);
  CHECK(sctp->payload().size() == 4);
}

TEST_CASE("sctp: fields of the packet come from the header") {
  const Decoded packet(frame(sctp(5, 6, text("chunks"))));
  REQUIRE(packet->verdict == Verdict::Ip);
  CHECK(packet->protocol == 132);
  CHECK(packet->src_port == 5);
  CHECK(packet->dst_port == 6);
  CHECK(packet->payload_len == 6);
  CHECK(as_text(packet->payload) == "chunks");
}

TEST_CASE("sctp: a header cut before the ports are whole is truncated, later it gives them") {
  const Octets whole = sctp(5, 6, {});
  for (size_t length = 0; length < 12; ++length) {
    const Decoded packet(
        frame(Octets(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))));
    CHECK(outcome(*packet) == (length < 4 ? "truncated sctp" : "ip"));
    CHECK(packet->dst_port == (length < 4 ? 0 : 6));
  }
}

}  // namespace
}  // namespace pktana::parse
