// SPDX-License-Identifier: Apache-2.0
#include "cli/packet_line.h"

#include "cli/line_of.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

using namespace support;

constexpr uint8_t kTcp = 6;

TEST_CASE("packet line: TCP with options, as tcpdump -S prints it") {
  const Octets options = hex("020405b4 0402 080a 00000001 00000002 01 030307");
  const std::string line = line_of_ipv4(
      {.src = "10.0.0.1", .dst = "10.0.0.2", .protocol = kTcp},
      tcp({.src_port = 4711, .seq = 7, .flags = 0x02, .window = 64240, .options = options}, {}));
  CHECK(line ==
        "IP 10.0.0.1.4711 > 10.0.0.2.80: Flags [S], seq 7, win 64240, options [mss 1460,sackOK,"
        "TS val 1 ecr 2,nop,wscale 7], length 0");
}

TEST_CASE("packet line: TCP data has a range of sequence numbers and an ack") {
  const std::string line = line_of_ipv4(
      {.protocol = kTcp}, tcp({.seq = 0xFFFFFFFE, .ack = 9, .flags = 0x18}, text("hello")));
  CHECK(line ==
        "IP 192.0.2.1.40000 > 198.51.100.2.80: Flags [P.], seq 4294967294:3, ack 9, win 65535, "
        "length 5");
}

TEST_CASE("packet line: a bare ACK has no sequence number, flags have tcpdump's letters") {
  CHECK(line_of_ipv4({.protocol = kTcp}, tcp({.ack = 5, .flags = 0x10}, {}))
            .ends_with("Flags [.], ack 5, win 65535, length 0"));
  CHECK(line_of_ipv4({.protocol = kTcp}, tcp({.flags = 0xFF}, {}))
            .ends_with("Flags [FSRP.UEW], seq 1, ack 0, win 65535, urg 0, length 0"));
  CHECK(line_of_ipv4({.protocol = kTcp}, tcp({.flags = 0}, {}))
            .ends_with("Flags [none], win 65535, length 0"));
}

TEST_CASE("packet line: SACK blocks and unknown TCP options") {
  const Octets options = hex("0101 050a 00000064 000000c8 fe04abcd");
  CHECK(line_of_ipv4({.protocol = kTcp}, tcp({.options = options}, {}))
            .ends_with("options [nop,nop,sack 1 {100:200},unknown-254 0xabcd], length 0"));
}

TEST_CASE("packet line: options that are only an end of list are not shown") {
  CHECK(line_of_ipv4({.protocol = kTcp}, tcp({.options = hex("00000000")}, {}))
            .ends_with("win 65535, length 0"));
}

TEST_CASE("packet line: UDP over both versions of IP") {
  CHECK(line_of_ipv4({}, udp({}, text("abc"))) ==
        "IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 3");
  CHECK(line_of_ipv6({}, udp({}, text("abc"))) ==
        "IP6 2001:db8::1.40000 > 2001:db8::2.53: UDP, length 3");
}

TEST_CASE("packet line: the length is what was sent, whatever was captured") {
  Octets frame = ethernet(kIpv4, ipv4({}, udp({}, Octets(500))));
  const auto sent = static_cast<uint32_t>(frame.size());
  frame.resize(60);
  CHECK(line_of(ref_to(frame, sent)).ends_with("UDP, length 500"));
}

TEST_CASE("packet line: a transport header that was cut is said to be") {
  Octets frame = ethernet(kIpv4, ipv4({.protocol = kTcp}, tcp({}, text("hello"))));
  const auto sent = static_cast<uint32_t>(frame.size());
  frame.resize(14 + 20 + 8);
  CHECK(line_of(ref_to(frame, sent)) ==
        "IP 192.0.2.1.40000 > 198.51.100.2.80: TCP, header cut, length 5");
}

TEST_CASE("packet line: VLAN ids stand in front, outermost first") {
  const Octets packet = ipv4({}, udp({}, {}));
  CHECK(line_of(ethernet(0x8100, vlan(5, kIpv4, packet))).starts_with("vlan 5 IP 192.0.2.1."));
  CHECK(line_of(ethernet(0x88A8, vlan(5, 0x8100, vlan(6, kIpv4, packet))))
            .starts_with("vlan 5/6 IP 192.0.2.1."));
}

TEST_CASE("packet line: fragments tell their id and offset") {
  const Octets segment = udp({.length = uint16_t{1480}}, Octets(24));
  CHECK(line_of_ipv4({.id = 77, .fragment = 0x2000}, segment) ==
        "IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 24 (fragment, id 77, offset 0)");
  CHECK(line_of_ipv4({.id = 77, .fragment = 4}, Octets(100)) ==
        "IP 192.0.2.1 > 198.51.100.2: UDP, length 100 (fragment, id 77, offset 32)");
}

TEST_CASE("packet line: SCTP names its first chunk") {
  CHECK(line_of_ipv4({.protocol = 132}, sctp(1000, 2000, joined(hex("01000014"), Octets(16))))
            .ends_with("198.51.100.2.2000: SCTP [INIT], length 20"));
  CHECK(line_of_ipv4({.protocol = 132}, sctp(1000, 2000, hex("c0000004")))
            .ends_with("SCTP [chunk 192], length 4"));
}

TEST_CASE("packet line: other protocols by name, without one by number") {
  CHECK(line_of_ipv4({.protocol = 50}, Octets(40)) ==
        "IP 192.0.2.1 > 198.51.100.2: ESP, length 40");
  CHECK(line_of_ipv4({.protocol = 200}, Octets(40)) ==
        "IP 192.0.2.1 > 198.51.100.2: ip-proto-200, length 40");
}

TEST_CASE("packet line: padding does not count") {
  CHECK(line_of(padded(ethernet(kIpv4, ipv4({}, udp({}, text("x")))))).ends_with("length 1"));
}

TEST_CASE("packet line: tunnels stand in front, outermost first") {
  const Octets inner = ethernet(kIpv4, ipv4({.src = "10.0.0.1", .dst = "10.0.0.2"}, udp({}, {})));
  const Octets vxlan = joined(hex("0800000000002a00"), inner);
  CHECK(line_of_ipv4({}, udp({.dst_port = 4789}, vxlan)) ==
        "IP 192.0.2.1 > 198.51.100.2: vxlan 42: IP 10.0.0.1.40000 > 10.0.0.2.53: UDP, length 0");
  CHECK(line_of_ipv6({.next_header = 4}, ipv4({}, udp({}, text("x")))) ==
        "IP6 2001:db8::1 > 2001:db8::2: ipip: "
        "IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 1");
}

TEST_CASE("packet line: undecodable packets say where and why") {
  Octets frame = ethernet(kIpv4, ipv4({}, udp({}, {})));
  const auto sent = static_cast<uint32_t>(frame.size());
  frame.resize(20);
  CHECK(line_of(ref_to(frame, sent)) == "undecodable: ipv4 truncated, length 42, captured 20");
  CHECK(line_of_ipv4({.protocol = kTcp}, tcp({.data_offset = uint8_t{3}}, {})) ==
        "IP 192.0.2.1 > 198.51.100.2: undecodable: tcp malformed, length 54");
}

TEST_CASE("packet line: every cut of a frame gives a line within its room") {
  const Octets whole = ethernet(kIpv4, ipv4({.protocol = kTcp}, tcp({}, text("hello"))));
  for (size_t size = 0; size <= whole.size(); ++size) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<long>(size));
    const std::string line = line_of(ref_to(cut, static_cast<uint32_t>(whole.size())));
    CHECK_FALSE(line.empty());
    CHECK(line.size() < 200);
  }
}

std::string details_of(const Octets& frame) {
  std::array<char, Line::kMaxLineBytes> room{};
  Line line(room.data());
  put_ip_details(line, decoded(ref_to(frame)));
  return {room.data(), line.end()};
}

TEST_CASE("packet line: details of IPv4") {
  CHECK(details_of(ethernet(kIpv4, ipv4({.ttl = 3, .tos = 0x10, .id = 5, .fragment = 0x4000},
                                        udp({}, text("ab"))))) ==
        "ttl 3, tos 0x10, id 5, flags [DF], proto UDP (17), length 30");
  CHECK(details_of(ethernet(kIpv4, ipv4({.fragment = 0x2000}, Octets(8)))).find("flags [MF]") !=
        std::string::npos);
  CHECK(details_of(ethernet(kIpv4, ipv4({}, udp({}, {})))).find("flags [none]") !=
        std::string::npos);
}

TEST_CASE("packet line: details of IPv6") {
  CHECK(details_of(ethernet(
            kIpv6, ipv6({.traffic_class = 0xB8, .flow_label = 0xABCDE}, udp({}, text("ab"))))) ==
        "ttl 64, tos 0xb8, flow label 0x0abcde, proto UDP (17), length 50");
}

}  // namespace
}  // namespace pktana::cli
