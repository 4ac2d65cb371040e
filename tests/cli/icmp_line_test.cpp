// SPDX-License-Identifier: Apache-2.0
#include "cli/line_of.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

using namespace support;

/// From the protocol's name on.
std::string body(const Octets& frame) {
  const std::string line = line_of(frame);
  return line.substr(line.find("ICMP"));
}

std::string icmp_body(const IcmpFields& fields, const Octets& payload) {
  return body(ethernet(kIpv4, ipv4({.protocol = 1}, icmp(fields, payload))));
}

std::string icmpv6_body(const IcmpFields& fields, const Octets& payload) {
  return body(ethernet(kIpv6, ipv6({.next_header = 58}, icmp(fields, payload))));
}

TEST_CASE("icmp line: echo with identifier and sequence number") {
  CHECK(line_of_ipv4({.protocol = 1}, icmp({.rest = 0x00110002}, Octets(56))) ==
        "IP 192.0.2.1 > 198.51.100.2: ICMP echo request, id 17, seq 2, length 64");
  CHECK(line_of_ipv4({.protocol = 1}, icmp({.type = 0, .rest = 0x00110002}, Octets(56))) ==
        "IP 192.0.2.1 > 198.51.100.2: ICMP echo reply, id 17, seq 2, length 64");
}

TEST_CASE("icmp line: unreachable says what, from the packet that it quotes") {
  const Octets quoted_udp = ipv4({.dst = "10.9.8.7"}, udp({}, {}));
  const Octets quoted_tcp = ipv4({.dst = "10.9.8.7", .protocol = 6}, Octets(8));
  const auto unreachable = [](uint8_t code, const Octets& quoted) {
    return icmp_body({.type = 3, .code = code, .rest = 1400}, quoted);
  };
  CHECK(unreachable(0, quoted_udp) == "ICMP net 10.9.8.7 unreachable, length 36");
  CHECK(unreachable(1, quoted_udp) == "ICMP host 10.9.8.7 unreachable, length 36");
  CHECK(unreachable(2, quoted_tcp) == "ICMP 10.9.8.7 protocol 6 unreachable, length 36");
  CHECK(unreachable(3, quoted_udp) == "ICMP 10.9.8.7 udp port 53 unreachable, length 36");
  CHECK(unreachable(3, quoted_tcp) == "ICMP 10.9.8.7 tcp port 0 unreachable, length 36");
  CHECK(unreachable(4, quoted_udp) ==
        "ICMP 10.9.8.7 unreachable - need to frag (mtu 1400), length 36");
  CHECK(unreachable(13, quoted_udp) == "ICMP 10.9.8.7 unreachable, code 13, length 36");
  CHECK(unreachable(3, {}) == "ICMP unreachable, code 3, length 8");
}

TEST_CASE("icmp line: redirect, time exceeded, and the rest by number") {
  const Octets quoted = ipv4({.dst = "10.9.8.7"}, udp({}, {}));
  CHECK(icmp_body({.type = 5, .rest = 0x0A000001}, quoted) ==
        "ICMP redirect 10.9.8.7 to host 10.0.0.1, length 36");
  CHECK(icmp_body({.type = 11}, quoted) == "ICMP time exceeded in-transit, length 36");
  CHECK(icmp_body({.type = 11, .code = 1}, quoted) ==
        "ICMP ip reassembly time exceeded, length 36");
  CHECK(icmp_body({.type = 42, .code = 7}, quoted) == "ICMP type 42 code 7, length 36");
}

TEST_CASE("icmp line: ICMPv6 echo and errors") {
  const Octets rest(8);
  CHECK(icmpv6_body({.type = 128, .rest = 0x00010002}, rest) ==
        "ICMP6, echo request, id 1, seq 2, length 16");
  CHECK(icmpv6_body({.type = 129, .rest = 0x00010002}, rest) ==
        "ICMP6, echo reply, id 1, seq 2, length 16");
  CHECK(icmpv6_body({.type = 1, .code = 4}, rest) ==
        "ICMP6, destination unreachable, port, length 16");
  CHECK(icmpv6_body({.type = 1, .code = 99}, rest) ==
        "ICMP6, destination unreachable, unknown code, length 16");
  CHECK(icmpv6_body({.type = 2, .rest = 1280}, rest) ==
        "ICMP6, packet too big, mtu 1280, length 16");
  CHECK(icmpv6_body({.type = 133}, rest) == "ICMP6, router solicitation, length 16");
  CHECK(icmpv6_body({.type = 143}, rest) == "ICMP6, multicast listener report v2, length 16");
  CHECK(icmpv6_body({.type = 200, .code = 1}, rest) == "ICMP6, type 200 code 1, length 16");
}

TEST_CASE("icmp line: neighbour discovery names its target") {
  const Octets target = address_v6("fe80::1");
  CHECK(icmpv6_body({.type = 135}, target) ==
        "ICMP6, neighbor solicitation, who has fe80::1, length 24");
  CHECK(icmpv6_body({.type = 136}, target) ==
        "ICMP6, neighbor advertisement, tgt is fe80::1, length 24");
  CHECK(icmpv6_body({.type = 135}, Octets(15)) == "ICMP6, neighbor solicitation, length 23");
}

TEST_CASE("icmp line: every cut gives a line") {
  const Octets whole =
      ethernet(kIpv4, ipv4({.protocol = 1}, icmp({.type = 3, .code = 3}, ipv4({}, udp({}, {})))));
  for (size_t size = 0; size <= whole.size(); ++size) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<long>(size));
    CHECK_FALSE(line_of(ref_to(cut, static_cast<uint32_t>(whole.size()))).empty());
  }
}

}  // namespace
}  // namespace pktana::cli
