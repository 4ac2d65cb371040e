// SPDX-License-Identifier: Apache-2.0
#include "parse/link_type.h"

#include "parse/decoded.h"
#include "parse/ethertype.h"
#include "parse/nflog.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kIp4 = ipv4({}, udp({.dst_port = 53}, text("hello")));
const Octets kIp6 = ipv6({}, udp({.dst_port = 54}, text("hello")));
const Octets kSnapIp4 = joined(hex("aaaa03 000000 0800"), kIp4);

/// Destination port of what is inside; 0 if it isn't found.
int port_behind(LinkType type, const Octets& frame) {
  const Decoded packet(frame, {.link_type = type});
  return packet->verdict == Verdict::Ip ? packet->dst_port : 0;
}

TEST_CASE("link_type: names are those of tcpdump.org") {
  CHECK(to_string(LinkType::Ethernet) == "ETHERNET");
  CHECK(to_string(LinkType::LinuxSll2) == "LINUX_SLL2");
  CHECK(to_string(static_cast<LinkType>(160)) == "unknown");
}

TEST_CASE("link_type: an unknown one is unsupported at the link layer") {
  for (const uint16_t type : std::initializer_list<uint16_t>{2, 11, 160, 65535})
    CHECK(outcome(kIp4, {.link_type = static_cast<LinkType>(type)}) == "unsupported link");
}

TEST_CASE("link_type: raw IP tells its version by its first byte") {
  for (const LinkType type : {LinkType::Raw, LinkType::RawBsd, LinkType::RawOpenBsd}) {
    CHECK(port_behind(type, kIp4) == 53);
    CHECK(port_behind(type, kIp6) == 54);
    CHECK(outcome(hex("15"), {.link_type = type}) == "unsupported link");
    CHECK(outcome({}, {.link_type = type}) == "truncated link");
  }
  CHECK(port_behind(LinkType::Ipv4, kIp4) == 53);
  CHECK(port_behind(LinkType::Ipv6, kIp6) == 54);
  CHECK(outcome(kIp6, {.link_type = LinkType::Ipv4}) == "malformed ipv4");
}

TEST_CASE("link_type: raw IP has no EtherType") {
  CHECK(Decoded(kIp4, {.link_type = LinkType::Raw})->ethertype == 0);
}

TEST_CASE("null_loop: both byte orders and the families of all systems are known") {
  for (const char* family : {"02000000", "00000002"})
    CHECK(port_behind(LinkType::Null, joined(hex(family), kIp4)) == 53);
  for (const char* family : {"0a000000", "18000000", "1c000000", "1e000000", "0000001e"})
    CHECK(port_behind(LinkType::Null, joined(hex(family), kIp6)) == 54);
  CHECK(port_behind(LinkType::Loop, joined(hex("00000002"), kIp4)) == 53);
  CHECK(port_behind(LinkType::Loop, joined(hex("00000018"), kIp6)) == 54);
}

TEST_CASE("null_loop: EtherTypes, PPP and Cisco HDLC in the place of the family are understood") {
  CHECK(port_behind(LinkType::Null, joined(hex("00080000"), kIp4)) == 53);
  CHECK(port_behind(LinkType::Null, joined(hex("ff030021"), kIp4)) == 53);
  CHECK(port_behind(LinkType::Null, joined(hex("0f000800"), kIp4)) == 53);
  CHECK(outcome(hex("17000000 00"), {.link_type = LinkType::Null}) == "non_ip other");
}

TEST_CASE("linux_sll: the protocol field is an EtherType, or 802.2") {
  const Octets head = hex("0000 0001 0006 020000000001 0000");
  CHECK(port_behind(LinkType::LinuxSll, joined(head, joined(hex("0800"), kIp4))) == 53);
  CHECK(port_behind(LinkType::LinuxSll, joined(head, joined(hex("8100 0005 86dd"), kIp6))) == 54);
  CHECK(port_behind(LinkType::LinuxSll, joined(head, joined(hex("0004"), kSnapIp4))) == 53);
  CHECK(outcome(joined(head, hex("000c 00")), {.link_type = LinkType::LinuxSll}) == "non_ip other");
}

TEST_CASE("linux_sll2: the protocol comes first") {
  const Octets tail = hex("0000 00000002 0001 00 06 0200000000010000");
  CHECK(port_behind(LinkType::LinuxSll2, joined(joined(hex("0800"), tail), kIp4)) == 53);
  CHECK(port_behind(LinkType::LinuxSll2, joined(joined(hex("86dd"), tail), kIp6)) == 54);
}

TEST_CASE("linux_sll: netlink messages are no packets") {
  const Octets frame = hex("0004 0338 0000 0000000000000000 0000 00");
  CHECK(outcome(frame, {.link_type = LinkType::LinuxSll}) == "non_ip other");
}

TEST_CASE("ppp_hdlc: PPP and Cisco's framing are told apart by the address byte") {
  for (const LinkType type : {LinkType::Ppp, LinkType::PppHdlc}) {
    CHECK(port_behind(type, joined(hex("ff03 0021"), kIp4)) == 53);
    CHECK(port_behind(type, joined(hex("0f00 0800"), kIp4)) == 53);
    CHECK(port_behind(type, joined(hex("8f00 86dd"), kIp6)) == 54);
  }
}

TEST_CASE("ppp_ether: the frame begins with the PPPoE header") {
  Octets frame = hex("1100 0001");
  put_u16(frame, static_cast<uint16_t>(kIp4.size() + 2));
  CHECK(port_behind(LinkType::PppEther, joined(frame, joined(hex("0021"), kIp4))) == 53);
}

TEST_CASE("cisco_hdlc: IP by EtherType, keep-alives are no IP") {
  CHECK(port_behind(LinkType::CiscoHdlc, joined(hex("0f00 0800"), kIp4)) == 53);
  CHECK(outcome(hex("8f00 8035 00000002 00000000"), {.link_type = LinkType::CiscoHdlc}) ==
        "non_ip arp_other");
}

TEST_CASE("frame_relay: NLPID, SNAP, bridged and Cisco's encapsulation lead to IP (RFC 2427)") {
  CHECK(port_behind(LinkType::FrameRelay, joined(hex("1841 03 cc"), kIp4)) == 53);
  CHECK(port_behind(LinkType::FrameRelay, joined(hex("1841 03 8e"), kIp6)) == 54);
  CHECK(port_behind(LinkType::FrameRelay, joined(hex("1841 03 00 80 000000 0800"), kIp4)) == 53);
  CHECK(port_behind(LinkType::FrameRelay, joined(hex("1841 03 00 80 0080c2 0007"),
                                                 ethernet(kEtherTypeIpv4, kIp4))) == 53);
  CHECK(port_behind(LinkType::FrameRelay, joined(hex("1841 0800"), kIp4)) == 53);
  CHECK(port_behind(LinkType::FrameRelay, joined(hex("18400041 03 cc"), kIp4)) == 53);
  CHECK(outcome(hex("1841 03 08 00"), {.link_type = LinkType::FrameRelay}) == "non_ip other");
  CHECK(outcome(hex("18404040 4040"), {.link_type = LinkType::FrameRelay}) == "malformed link");
}

TEST_CASE("fddi: LLC frames are read, ring management is no IP") {
  const Octets addresses = hex("020000000001 020000000002");
  CHECK(port_behind(LinkType::Fddi, joined(hex("50"), joined(addresses, kSnapIp4))) == 53);
  CHECK(outcome(joined(hex("41"), addresses), {.link_type = LinkType::Fddi}) == "non_ip other");
}

TEST_CASE("nflog: the payload item is found among others, in both byte orders") {
  Octets little = hex("02 00 0000 0800 0a00 00000001 0500 0100 41 000000");
  put_u16(little, static_cast<uint16_t>((kIp4.size() + 4) << 8));
  put_octets(little, hex("0900"));
  CHECK(port_behind(LinkType::Nflog, joined(little, kIp4)) == 53);
  Octets big = hex("02 00 0000 0008 000a 00000001");
  put_u16(big, static_cast<uint16_t>(kIp4.size() + 4));
  put_octets(big, hex("0009"));
  CHECK(port_behind(LinkType::Nflog, joined(big, kIp4)) == 53);
}

TEST_CASE("nflog: items that lie are malformed, a missing payload is truncated") {
  CHECK(outcome(hex("02000000 0300 0a00 00"), {.link_type = LinkType::Nflog}) == "malformed link");
  CHECK(outcome(hex("02000000 0800 0a00 00000001"), {.link_type = LinkType::Nflog}) ==
        "truncated link");
  CHECK(outcome(hex("02010000 0800 0900 00000001"), {.link_type = LinkType::Nflog}) ==
        "unsupported link");
  Octets endless = hex("02000000");
  for (unsigned i = 0; i < 2 * NflogView::kMaxItems; ++i)
    put_octets(endless, hex("0400 0a00"));
  CHECK(outcome(endless, {.link_type = LinkType::Nflog}) == "malformed link");
}

TEST_CASE("pktap: the frame behind has the link type that the header names") {
  Octets header = hex("6c000000 01000000 01000000");
  header.resize(108);
  CHECK(port_behind(LinkType::Pktap, joined(header, ethernet(kEtherTypeIpv4, kIp4))) == 53);
  header[8] = 12;
  CHECK(port_behind(LinkType::Pktap, joined(header, kIp6)) == 54);
  header[8] = 160;
  CHECK(outcome(joined(header, kIp4), {.link_type = LinkType::Pktap}) == "unsupported link");
}

TEST_CASE("pktap: a PKTAP header behind every PKTAP header ends somewhere") {
  Octets header = hex("6c000000 01000000 02010000");
  header.resize(108);
  Octets frame;
  for (int i = 0; i < 100; ++i)
    put_octets(frame, header);
  CHECK(outcome(frame, {.link_type = LinkType::Pktap}) == "unsupported tunnel");
}

}  // namespace
}  // namespace pktana::parse
