// SPDX-License-Identifier: Apache-2.0
#include "filter/filter_frames.h"

#include <utility>

namespace pktana::tests {
namespace {

using Octets = std::vector<uint8_t>;

struct Tag {
  uint16_t tpid;
  uint16_t tci;
};

void put16(Octets& to, uint16_t value) {
  to.push_back(static_cast<uint8_t>(value >> 8));
  to.push_back(static_cast<uint8_t>(value));
}

Octets ipv4(uint8_t protocol, uint16_t fragment, const Octets& payload) {
  Octets ip{0x45, 0};
  put16(ip, static_cast<uint16_t>(20 + payload.size()));
  put16(ip, 0x1234);
  put16(ip, fragment);
  ip.insert(ip.end(), {64, protocol, 0, 0, 198, 18, 0, 1, 198, 19, 0, 2});
  ip.insert(ip.end(), payload.begin(), payload.end());
  return ip;
}

Octets ipv6(uint8_t next, const Octets& payload) {
  Octets ip{0x60, 0, 0, 0};
  put16(ip, static_cast<uint16_t>(payload.size()));
  ip.insert(ip.end(), {next, 64,   0x20, 1,    0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                       1,    0x20, 1,    0x0d, 0xb8, 0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2});
  ip.insert(ip.end(), payload.begin(), payload.end());
  return ip;
}

Octets udp(uint16_t src, uint16_t dst, size_t payload) {
  Octets header;
  put16(header, src);
  put16(header, dst);
  put16(header, static_cast<uint16_t>(8 + payload));
  put16(header, 0);
  header.resize(8 + payload, 0xAB);
  return header;
}

Octets tcp(uint16_t src, uint16_t dst, uint8_t flags) {
  Octets header;
  put16(header, src);
  put16(header, dst);
  header.insert(header.end(), {0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0});
  return header;
}

Octets frame(const std::vector<Tag>& tags, uint16_t type, const Octets& payload) {
  Octets bytes{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
  for (const Tag& tag : tags) {
    put16(bytes, tag.tpid);
    put16(bytes, tag.tci);
  }
  put16(bytes, type);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  if (bytes.size() < 60) bytes.resize(60, 0);
  return bytes;
}

WireFrame as_seen(std::string name, const std::vector<Tag>& tags, uint16_t type,
                  const Octets& payload) {
  WireFrame seen{.name = std::move(name), .wire = frame(tags, type, payload)};
  seen.live = seen.wire;
  const bool taken_out = !tags.empty() && (tags[0].tpid == 0x8100 || tags[0].tpid == 0x88a8);
  if (taken_out) {
    seen.live.erase(seen.live.begin() + 12, seen.live.begin() + 16);
    seen.vlan_tpid = tags[0].tpid;
    seen.vlan_tci = tags[0].tci;
  }
  return seen;
}

}  // namespace

std::vector<WireFrame> filter_frames() {
  const std::vector<std::pair<std::string, std::vector<Tag>>> tag_stacks{
      {"bare", {}},
      {"5", {{0x8100, 5}}},
      {"5/7", {{0x8100, 5}, {0x8100, 7}}},
      {"7/5", {{0x8100, 7}, {0x8100, 5}}},
      {"ad 5/7", {{0x88a8, 5}, {0x8100, 7}}},
      {"9100 5", {{0x9100, 5}}},
      {"priority 5", {{0x8100, 0xE005}}},
  };
  std::vector<WireFrame> frames;
  for (const auto& [name, tags] : tag_stacks) {
    const auto add = [&, &stack = name, &list = tags](const char* what, uint16_t type,
                                                      const Octets& payload) {
      frames.push_back(as_seen(stack + " " + what, list, type, payload));
    };
    add("arp", 0x0806, {0, 1, 8, 0, 6, 4, 0, 1});
    add("udp 53", 0x0800, ipv4(17, 0, udp(40000, 53, 20)));
    add("udp 53 long", 0x0800, ipv4(17, 0, udp(53, 40000, 300)));
    add("udp 9", 0x0800, ipv4(17, 0, udp(9, 9, 0)));
    add("syn", 0x0800, ipv4(6, 0, tcp(1234, 80, 0x02)));
    add("ack", 0x0800, ipv4(6, 0, tcp(80, 1234, 0x10)));
    add("icmp", 0x0800, ipv4(1, 0, {8, 0, 0, 0, 0, 1, 0, 1}));
    add("fragment", 0x0800, ipv4(17, 0x00b9, udp(53, 53, 40)));
    add("udp6 53", 0x86dd, ipv6(17, udp(40000, 53, 20)));
    add("tcp6", 0x86dd, ipv6(6, tcp(1234, 80, 0x12)));
    add("lldp", 0x88cc, {2, 7, 4, 0, 1, 2, 3, 4, 5});
    add("802.3", 0x0026, {0x42, 0x42, 3, 0, 0, 0});
  }
  return frames;
}

std::vector<std::string> filter_expressions() {
  return {
      "",
      "udp port 53",
      "not udp port 53",
      "vlan",
      "not vlan",
      "vlan 5",
      "vlan 7",
      "vlan 5 and vlan 7",
      "vlan and vlan",
      "vlan 5 and udp port 53",
      "vlan 5 and not udp",
      "vlan 5 and vlan 7 and udp port 53",
      "udp port 53 or (vlan and udp port 53)",
      "udp port 53 or (vlan and (udp port 53 or (vlan and udp port 53)))",
      "not vlan 5",
      "vlan or arp",
      "arp",
      "ip",
      "ip6",
      "tcp",
      "tcp port 80",
      "ip6 and tcp port 80",
      "tcp[tcpflags] & tcp-syn != 0",
      "vlan and tcp[tcpflags] & tcp-syn != 0",
      "icmp",
      "icmp[icmptype] = icmp-echo",
      "host 198.18.0.1",
      "src host 198.18.0.1",
      "dst net 198.19.0.0/16",
      "vlan and src net 198.18.0.0/15",
      "host 2001:db8::1",
      "vlan and ip6 host 2001:db8::2",
      "ether host 02:00:00:00:00:01",
      "ether src 02:00:00:00:00:01 and vlan",
      "ether proto 0x88cc",
      "ether proto 0x8100",
      "vlan and ether proto 0x88cc",
      "ip proto 17",
      "ether[0] & 1 = 0",
      "ether[12:2] = 0x8100",
      "ether[14:2] & 0xfff = 5",
      "ether[14] & 0xe0 != 0",
      "ether[12] = 0x81",
      "ether[13] = 0xa8",
      "ether[15] = 7",
      "ether[16:2] = 0x0800",
      "ether[17] = 0",
      "greater 100",
      "less 64",
      "len = 64",
      "vlan and less 64",
      "len > 60 and len < 66",
      "portrange 50-60",
      "vlan and portrange 50-60",
      "multicast",
      "ether multicast",
      "broadcast",
      "ip[ip[0]] = 3",
      "vlan and udp[udp[4:2] - 8] = 0",
      "ip[0] & 0xf = 5",
      "ip[6:2] & 0x1fff != 0",
      "stp",
      "llc",
      "ip[8] < 65 and ip[2:2] > 40",
      "vlan and ip[2:2] - ((ip[0] & 0xf) * 4) > 100",
      "udp[8:4] = 0xabababab",
      "vlan and udp[8:4] = 0xabababab",
      "ip protochain 17",
      "ip[ip[0] - 70] = 8",
      "not (ip[ip[0] - 70] = 8)",
      "pppoes",
      "mpls",
      "vlan and mpls",
      "ether[10:4] = 0x00018100",
      "ether[12:4] = 0x81000005",
      "ether[ip[0]] = 0",
      "ether[ether[0]] = 0",
      "not ether[11:2] = 0x0181",
      "ip[ip[0] - 69] = 69",
  };
}

}  // namespace pktana::tests
