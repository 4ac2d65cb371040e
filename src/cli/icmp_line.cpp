// SPDX-License-Identifier: Apache-2.0
// Lines about ICMP and ICMPv6.
#include <array>

#include "cli/packet_line.h"
#include "parse/ip_protocol.h"
#include "parse/ipv4.h"

namespace pktana::cli {
namespace {

constexpr size_t kHeaderLen = 8;

/// What an error message quotes of the packet that it is about. Only 8 bytes of transport are sure
/// to be there.
struct Quoted {
  const uint8_t* dst = nullptr;  ///< null: not even the IP header was captured
  uint8_t protocol = 0;
  bool has_port = false;
  uint16_t dst_port = 0;
};

Quoted read_quoted(base::Bytes bytes) noexcept {
  constexpr size_t kPortsLen = 4;
  Quoted quoted;
  const auto ip = parse::Ipv4View::parse(bytes);
  if (!ip) return quoted;
  quoted.dst = ip->dst();
  quoted.protocol = ip->protocol();
  const base::Bytes transport = bytes.subspan(ip->header_len_bytes());
  quoted.has_port =
      transport.size() >= kPortsLen && ip->fragment_offset_bytes() == 0 &&
      (quoted.protocol == parse::kIpProtoTcp || quoted.protocol == parse::kIpProtoUdp);
  if (quoted.has_port) quoted.dst_port = base::load_be<uint16_t>(transport.data() + 2);
  return quoted;
}

/// The 16-bit field at `offset` of the ICMP header, where it was captured.
uint16_t field16(const parse::Packet& packet, size_t offset) noexcept {
  if (packet.transport.size() < offset + sizeof(uint16_t)) return 0;
  return base::load_be<uint16_t>(packet.transport.data() + offset);
}

uint32_t field32(const parse::Packet& packet, size_t offset) noexcept {
  if (packet.transport.size() < offset + sizeof(uint32_t)) return 0;
  return base::load_be<uint32_t>(packet.transport.data() + offset);
}

/// Also of IPv6: id and sequence are at the same place.
void put_echo(Line& line, const parse::Packet& packet, std::string_view what) noexcept {
  constexpr size_t kSequence = 6;
  line.text(what).text(", id ").number(packet.icmp_id);
  line.text(", seq ").number(field16(packet, kSequence));
}

void put_type_and_code(Line& line, const parse::Packet& packet) noexcept {
  line.text("type ").number(packet.icmp_type).text(" code ").number(packet.icmp_code);
}

void put_unreachable(Line& line, const parse::Packet& packet) noexcept {
  enum Code : uint8_t { Net, Host, Protocol, Port, NeedFragment };
  constexpr size_t kNextHopMtu = 6;
  const Quoted quoted = read_quoted(packet.payload);
  if (quoted.dst == nullptr) {
    line.text("unreachable, code ").number(packet.icmp_code);
    return;
  }
  if (packet.icmp_code == Net || packet.icmp_code == Host)
    line.text(packet.icmp_code == Net ? "net " : "host ");
  line.address(quoted.dst, 4);
  if (packet.icmp_code == Protocol) line.text(" protocol ").number(quoted.protocol);
  if (packet.icmp_code == Port && quoted.has_port) {
    line.text(quoted.protocol == parse::kIpProtoTcp ? " tcp port " : " udp port ");
    line.number(quoted.dst_port);
  }
  line.text(" unreachable");
  if (packet.icmp_code == NeedFragment)
    line.text(" - need to frag (mtu ").number(field16(packet, kNextHopMtu)).text(")");
  else if (packet.icmp_code > NeedFragment)
    line.text(", code ").number(packet.icmp_code);
}

void put_redirect(Line& line, const parse::Packet& packet) noexcept {
  constexpr size_t kGateway = 4;
  const Quoted quoted = read_quoted(packet.payload);
  line.text("redirect");
  if (quoted.dst == nullptr || packet.transport.size() < kHeaderLen) return;
  line.text(" ").address(quoted.dst, 4).text(" to host ");
  line.address(packet.transport.data() + kGateway, 4);
}

struct TypeName {
  uint8_t type;
  std::string_view name;
};

constexpr TypeName kIcmpv6Names[] = {{1, "destination unreachable"},
                                     {3, "time exceeded in-transit"},
                                     {4, "parameter problem"},
                                     {130, "multicast listener query"},
                                     {131, "multicast listener report"},
                                     {132, "multicast listener done"},
                                     {133, "router solicitation"},
                                     {134, "router advertisement"},
                                     {137, "redirect"},
                                     {143, "multicast listener report v2"}};

std::string_view icmpv6_name(uint8_t type) noexcept {
  for (const TypeName& one : kIcmpv6Names)
    if (one.type == type) return one.name;
  return {};
}

std::string_view unreachable_reason(uint8_t code) noexcept {
  constexpr std::array<std::string_view, 7> kReasons{
      "no route", "administratively prohibited", "beyond scope",  "address",
      "port",     "source address policy",       "route rejected"};
  return code < kReasons.size() ? kReasons[code] : std::string_view("unknown code");
}

/// Neighbour solicitation and advertisement name an address behind their header.
void put_neighbor(Line& line, const parse::Packet& packet, std::string_view what,
                  std::string_view before_target) noexcept {
  constexpr size_t kTargetEnd = kHeaderLen + 16;
  line.text(what);
  if (packet.transport.size() < kTargetEnd) return;
  line.text(before_target).address(packet.transport.data() + kHeaderLen, 6);
}

void put_icmpv6_body(Line& line, const parse::Packet& packet) noexcept {
  enum Type : uint8_t { Unreachable = 1, TooBig = 2, Request = 128, Reply, Solicit = 135, Advert };
  constexpr size_t kMtu = 4;
  switch (packet.icmp_type) {
    case Unreachable:
      line.text("destination unreachable, ").text(unreachable_reason(packet.icmp_code));
      return;
    case TooBig:
      line.text("packet too big, mtu ").number(field32(packet, kMtu));
      return;
    case Request:
      return put_echo(line, packet, "echo request");
    case Reply:
      return put_echo(line, packet, "echo reply");
    case Solicit:
      return put_neighbor(line, packet, "neighbor solicitation", ", who has ");
    case Advert:
      return put_neighbor(line, packet, "neighbor advertisement", ", tgt is ");
    default:
      break;
  }
  const std::string_view name = icmpv6_name(packet.icmp_type);
  if (name.empty()) return put_type_and_code(line, packet);
  line.text(name);
}

void put_icmp_body(Line& line, const parse::Packet& packet) noexcept {
  enum Type : uint8_t { Reply = 0, Unreachable = 3, Redirect = 5, Request = 8, Exceeded = 11 };
  switch (packet.icmp_type) {
    case Reply:
      return put_echo(line, packet, "echo reply");
    case Request:
      return put_echo(line, packet, "echo request");
    case Unreachable:
      return put_unreachable(line, packet);
    case Redirect:
      return put_redirect(line, packet);
    case Exceeded:
      line.text(packet.icmp_code == 0 ? "time exceeded in-transit" : "ip reassembly time exceeded");
      return;
    default:
      return put_type_and_code(line, packet);
  }
}

}  // namespace

void put_icmp(Line& line, const parse::Packet& packet) noexcept {
  line.text("ICMP ");
  put_icmp_body(line, packet);
  line.text(", length ").number(ip_payload_len(packet));
}

void put_icmpv6(Line& line, const parse::Packet& packet) noexcept {
  line.text("ICMP6, ");
  put_icmpv6_body(line, packet);
  line.text(", length ").number(ip_payload_len(packet));
}

}  // namespace pktana::cli
