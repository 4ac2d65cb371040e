// SPDX-License-Identifier: Apache-2.0
#include "parse/sample_frames.h"

#include "parse/ethertype.h"
#include "parse/tunnel_frames.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

using Frames = std::vector<SampleFrame>;

const Octets kTcp =
    tcp({.flags = 0x02, .options = hex("020405b4 0402 080a 01020304 00000000 01 030307")},
        text("GET /"));
const Octets kUdp = udp({.dst_port = 9999}, text("hello"));
const Octets kIp4 = ipv4({}, kUdp);
const Octets kIp6 = ipv6({}, kUdp);

void add_transports(Frames& frames) {
  const auto v4 = [&](const char* name, uint8_t protocol, const Octets& payload) {
    frames.push_back({name, LinkType::Ethernet,
                      ethernet(kEtherTypeIpv4, ipv4({.protocol = protocol}, payload))});
  };
  const auto v6 = [&](const char* name, uint8_t protocol, const Octets& payload) {
    frames.push_back({name, LinkType::Ethernet,
                      ethernet(kEtherTypeIpv6, ipv6({.next_header = protocol}, payload))});
  };
  v4("ipv4_tcp", 6, kTcp);
  v4("ipv4_udp", 17, kUdp);
  v4("ipv4_icmp", 1, icmp({.rest = 0x12340001}, text("abcdefgh")));
  v4("ipv4_sctp", 132, sctp(1, 2, hex("01000004")));
  v4("ipv4_esp", 50, hex("00000001 00000001 aabbccdd"));
  v4("ipv4_ah", 51, joined(hex("1104 0000 00000001 00000001 000000000000000000000000"), kUdp));
  v6("ipv6_tcp", 6, kTcp);
  v6("ipv6_icmpv6", 58, icmp({.type = 128, .rest = 0x12340001}, text("abcdefgh")));
  v6("ipv6_hop_by_hop", 0, ipv6_extension(17, hex("0104 00000000"), kUdp));
  v6("ipv6_routing", 43, ipv6_extension(6, hex("0000 00000000"), kTcp));
  v6("ipv6_fragment_first", 44, ipv6_fragment(17, 1, 7, kUdp));
  v6("ipv6_fragment_later", 44, ipv6_fragment(17, 8, 7, kUdp));
  v6("ipv6_ah", 51, joined(hex("1104 0000 00000001 00000001 000000000000000000000000"), kUdp));
  v6("ipv6_mobility", 135, ipv6_extension(59, hex("050000000000"), {}));
  v6("ipv6_jumbo", 0, ipv6_extension(17, hex("c204 00000015"), kUdp));
  frames.push_back({"ipv4_options", LinkType::Ethernet,
                    ethernet(kEtherTypeIpv4, ipv4({.options = hex("94040000")}, kUdp))});
  frames.push_back({"ipv4_fragment_later", LinkType::Ethernet,
                    ethernet(kEtherTypeIpv4, ipv4({.fragment = 0x2001}, text("abcdefgh")))});
  frames.push_back({"padded", LinkType::Ethernet, padded(ethernet(kEtherTypeIpv4, kIp4))});
}

void add_ethertypes(Frames& frames) {
  const auto add = [&](const char* name, uint16_t type, const Octets& payload) {
    frames.push_back({name, LinkType::Ethernet, ethernet(type, payload)});
  };
  add("vlan", kEtherTypeVlan, vlan(5, kEtherTypeIpv4, kIp4));
  add("qinq", kEtherTypeServiceVlan,
      vlan(1, kEtherTypeOldQinq, vlan(2, kEtherTypeVlan, vlan(3, kEtherTypeIpv6, kIp6))));
  add("arp", kEtherTypeArp, joined(hex("0001 0800 0604 0001"), Octets(20, 1)));
  add("pppoe", kEtherTypePppoeSession, joined(hex("1100 0011 0023 0021"), kIp4));
  add("pppoe_control", kEtherTypePppoeSession, hex("1100 0011 0006 c021 0101 0004"));
  add("llc_ip", 36, joined(hex("060603"), kIp4));
  add("llc_snap", 41, joined(hex("aaaa03 000000 0800"), kIp4));
  add("llc_bridged", 55, joined(hex("aaaa03 0080c2 0007"), ethernet(kEtherTypeIpv4, kIp4)));
  add("stp", 8, hex("424203 0000000000"));
}

void add_link_types(Frames& frames) {
  const auto add = [&](const char* name, LinkType type, const char* head, const Octets& payload) {
    frames.push_back({name, type, joined(hex(head), payload)});
  };
  const Octets snap = joined(hex("aaaa03 000000 0800"), kIp4);
  add("raw4", LinkType::Raw, "", kIp4);
  add("raw6", LinkType::Raw, "", kIp6);
  add("null", LinkType::Null, "02000000", kIp4);
  add("loop", LinkType::Loop, "00000018", kIp6);
  add("sll", LinkType::LinuxSll, "0000 0001 0006 0200000000010000 0800", kIp4);
  add("sll2", LinkType::LinuxSll2, "86dd 0000 00000002 0001 00 06 0200000000010000", kIp6);
  add("ppp", LinkType::Ppp, "ff03 0021", kIp4);
  add("ppp_cisco", LinkType::PppHdlc, "0f00 0800", kIp4);
  add("ppp_ether", LinkType::PppEther, "1100 0001 0023 0021", kIp4);
  add("cisco_hdlc", LinkType::CiscoHdlc, "8f00 86dd", kIp6);
  add("frame_relay", LinkType::FrameRelay, "1841 03 cc", kIp4);
  add("frame_relay_snap", LinkType::FrameRelay, "1841 03 00 80 000000 0800", kIp4);
  add("fddi", LinkType::Fddi, "50 020000000001 020000000002", snap);
  add("wireless", LinkType::Ieee80211, "8801 0000 020000000001020000000002020000000003 0000 0000",
      snap);
  add("radiotap", LinkType::Ieee80211Radiotap,
      "0000 0900 02000000 20 8801 0000 020000000001020000000002020000000003 0000 0000 0000", snap);
  add("nflog", LinkType::Nflog, "02 00 0000 0800 0a00 00000001 2500 0900", kIp4);
  Octets pktap = hex("6c000000 01000000 01000000");
  pktap.resize(108);
  frames.push_back({"pktap", LinkType::Pktap, joined(pktap, ethernet(kEtherTypeIpv4, kIp4))});
}

void add_ip_tunnels(Frames& frames) {
  const Octets frame = ethernet(kEtherTypeIpv4, kInner4);
  const auto add = [&](const char* name, const Octets& bytes) {
    frames.push_back({name, LinkType::Ethernet, bytes});
  };
  add("ip_in_ip",
      ethernet(kEtherTypeIpv4, ipv4({.protocol = 41}, ipv6({.next_header = 4}, kInner4))));
  add("gre", over_gre("b000 0800 12340000 0000002a 00000007", kInner4));
  add("gre_routes", over_gre("4000 0800 00000000 0800 0004 c0000201 0000 0000", kInner4));
  add("nvgre", over_gre("2000 6558 00123456", frame));
  add("pptp", over_gre("3081 880b 00290007 00000001 00000002 ff030021", kInner4));
  add("erspan2", over_gre("1000 88be 00000001 1005a82a00000001", frame));
  add("erspan3", over_gre("1000 22eb 00000001 2005a82a0000000000000001 0000000000000000", frame));
  add("wccp", over_gre("0000 883e 00010203", kInner4));
  add("vxlan", over_udp(4789, joined(hex("08000000 00123400"), frame)));
  add("vxlan_gpe_nsh",
      over_udp(4790, joined(hex("0c000004 00123400 0fc2 0201 00002aff"), kInner4)));
  add("geneve", over_udp(6081, joined(hex("0240 6558 00123400 0001 0001 aabbccdd"), frame)));
  add("gtpu", over_udp(2152, joined(hex("34ff 0029 0000002a 0000 00 85 01 1009 00"), kInner4)));
  add("teredo",
      over_udp(3544, joined(hex("0001 00 00 0102030405060708 00 0000 1234 3fff fdfe"), kInner6)));
  add("l2tp2",
      over_udp(1701, joined(hex("4a02 0035 0007 0009 0001 0002 0002 0000 ff03 0021"), kInner4)));
  add("ayiya", over_udp(5072, joined(hex("10 00 11 29 4af64bfd 0001"), kInner6)));
  add("l2tp3", over_udp(1701, joined(hex("0003 0000 0000002a 01020304 ff03 0021"), kInner4)));
}

void add_link_tunnels(Frames& frames) {
  const Octets frame = ethernet(kEtherTypeIpv4, kInner4);
  const auto add = [&](const char* name, uint16_t type, const char* head, const Octets& inside) {
    frames.push_back({name, LinkType::Ethernet, ethernet(type, joined(hex(head), inside))});
  };
  add("mpls", kEtherTypeMpls, "0001e040 0002a140", kInner4);
  add("mpls_pseudowire", kEtherTypeMpls, "0002a140 00000000", frame);
  add("nsh", kEtherTypeNsh, "0fc2 0203 00002aff", frame);
  add("vntag", kEtherTypeVnTag, "002a0007 0800", kInner4);
  add("etag", kEtherTypeETag, "0000 002a 0000 86dd", kInner6);
  add("fabricpath", kEtherTypeFabricPath, "0a87", frame);
  add("pppoe_session", kEtherTypePppoeSession, "1100 002a 0023 0021", kInner4);
  add("pbb", kEtherTypePbb, "0000002a", frame);
  add("macsec", kEtherTypeMacsec, "20 00 00000001 0200000000010001 0800", kInner4);
}

}  // namespace

std::vector<SampleFrame> sample_frames() {
  Frames frames;
  add_transports(frames);
  add_ethertypes(frames);
  add_link_types(frames);
  add_ip_tunnels(frames);
  add_link_tunnels(frames);
  return frames;
}

}  // namespace pktana::parse
