// SPDX-License-Identifier: Apache-2.0
// Lines about frames that hold no IP packet.
#include "cli/packet_line.h"
#include "parse/arp.h"
#include "parse/ethernet.h"
#include "parse/link_type.h"
#include "parse/vlan.h"

namespace pktana::cli {
namespace {

/// Bytes behind the link header, as sent.
uint32_t payload_len(const ring::PacketRef& ref, const parse::Packet& packet) noexcept {
  if (packet.network.data() == nullptr) return ref.wire_len;
  const size_t stripped = ref.vlan_tpid != 0 ? parse::VlanView::kHeaderLen : 0;
  return ref.wire_len - static_cast<uint32_t>(packet.network.data() - ref.data + stripped);
}

// ARP for IPv4 over Ethernet (RFC 826): what nearly every ARP packet is.
constexpr size_t kArpSenderMac = 8;
constexpr size_t kArpSenderIp = 14;
constexpr size_t kArpTargetIp = 24;
constexpr size_t kArpLen = 28;

bool is_arp_for_ipv4(base::Bytes arp) noexcept {
  constexpr uint32_t kIpv4 = 0x0800;
  constexpr uint16_t kLengths = 0x0604;  // of the hardware and of the protocol address
  return arp.size() >= kArpLen && base::load_be<uint16_t>(arp.data() + 2) == kIpv4 &&
         base::load_be<uint16_t>(arp.data() + 4) == kLengths;
}

void put_arp_body(Line& line, const parse::Packet& packet) noexcept {
  const base::Bytes arp = packet.network;
  const bool request = packet.non_ip == parse::NonIp::ArpRequest;
  const bool reply = packet.non_ip == parse::NonIp::ArpReply;
  if (request) line.text("Request");
  if (reply) line.text("Reply");
  if (!request && !reply) {
    line.text("operation ");
    line.number(base::load_be<uint16_t>(arp.data() + 6));
    return;
  }
  if (!is_arp_for_ipv4(arp)) return;
  if (request) {
    line.text(" who-has ").address(arp.data() + kArpTargetIp, 4);
    line.text(" tell ").address(arp.data() + kArpSenderIp, 4);
  } else {
    line.text(" ").address(arp.data() + kArpSenderIp, 4);
    line.text(" is-at ").mac(arp.data() + kArpSenderMac);
  }
}

std::string_view name_of(parse::NonIp type) noexcept {
  switch (type) {
    case parse::NonIp::Llc:
      return "LLC";
    case parse::NonIp::Stp:
      return "STP";
    case parse::NonIp::Lldp:
      return "LLDP";
    case parse::NonIp::PppoeDiscovery:
      return "PPPoE discovery";
    case parse::NonIp::PppControl:
      return "PPP control";
    case parse::NonIp::Eapol:
      return "EAPOL";
    case parse::NonIp::Mpls:
      return "MPLS";
    case parse::NonIp::Macsec:
      return "MACsec";
    case parse::NonIp::WirelessControl:
      return "802.11 management or control";
    default:
      return "unknown";
  }
}

void put_macs(Line& line, const ring::PacketRef& ref) noexcept {
  const auto ethernet = parse::EthernetView::parse({ref.data, ref.captured_len});
  if (ref.link_type != static_cast<uint16_t>(parse::LinkType::Ethernet) || !ethernet) return;
  line.mac(ethernet->src()).text(" > ").mac(ethernet->dst()).text(", ");
}

}  // namespace

void put_non_ip(Line& line, const ring::PacketRef& ref, const parse::Packet& packet) noexcept {
  const bool arp = packet.non_ip == parse::NonIp::ArpRequest ||
                   packet.non_ip == parse::NonIp::ArpReply ||
                   packet.non_ip == parse::NonIp::ArpOther;
  if (arp) {
    put_arp_body(line.text("ARP, "), packet);
  } else {
    put_macs(line, ref);
    if (packet.non_ip == parse::NonIp::Other && packet.ethertype != 0)
      line.text("ethertype ").hex16(packet.ethertype);
    else
      line.text(name_of(packet.non_ip));
  }
  line.text(", length ").number(payload_len(ref, packet));
}

}  // namespace pktana::cli
