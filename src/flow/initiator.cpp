// SPDX-License-Identifier: Apache-2.0
#include "flow/initiator.h"

#include "flow/icmp_pairs.h"
#include "flow/tcp_segment.h"

namespace pktana::flow {
namespace {

constexpr uint16_t kFirstUserPort = 1024;  ///< ports below belong to services (RFC 6335 section 6)

/// Clients that listen below 1024 too: BOOTP and DHCP (RFC 2131), DHCPv6 (RFC 8415).
constexpr uint16_t kDhcpServer = 67;
constexpr uint16_t kDhcpClient = 68;
constexpr uint16_t kDhcpv6Client = 546;
constexpr uint16_t kDhcpv6Server = 547;

constexpr uint16_t kTeredoServer = 3544;  ///< RFC 4380
constexpr uint16_t kAyiyaServer = 5072;

bool is_service(uint16_t port) noexcept {
  return (port != 0 && port < kFirstUserPort) || port == kTeredoServer || port == kAyiyaServer;
}

bool is_dhcp_answer(const FlowPacket& packet) noexcept {
  return (packet.src_port == kDhcpServer && packet.dst_port == kDhcpClient) ||
         (packet.src_port == kDhcpv6Server && packet.dst_port == kDhcpv6Client);
}

Initiator initiator_by_port(const FlowPacket& packet) noexcept {
  if (is_dhcp_answer(packet) && !packet.to_group) return {false, InitiatorBasis::Port};
  const bool from_service =
      is_service(packet.src_port) && !is_service(packet.dst_port) && !packet.to_group;
  if (from_service) return {false, InitiatorBasis::Port};
  return {};
}

Initiator initiator_of_tcp(const FlowPacket& packet) noexcept {
  if ((packet.tcp_flags & kTcpSyn) == 0) return initiator_by_port(packet);
  if ((packet.tcp_flags & kTcpAck) != 0) return {false, InitiatorBasis::SynAck};
  return {true, InitiatorBasis::Syn};
}

}  // namespace

Initiator initiator_of(const FlowPacket& packet) noexcept {
  const uint8_t protocol = packet.key.protocol();
  switch (protocol) {
    case kProtocolTcp:
      return initiator_of_tcp(packet);
    case kProtocolUdp:
      return initiator_by_port(packet);
    case kProtocolIcmp:
    case kProtocolIcmpv6: {
      if (packet.key.low_port() == 0) return {};  // a later fragment: there is no type
      const auto pair = icmp_pair(protocol, packet.icmp_type);
      if (!pair) return {};
      const bool asks = packet.icmp_type == pair->request;
      // What is said to a group unasked (an advertisement, a report) has nobody who asked.
      if (!asks && packet.to_group) return {};
      return {asks, InitiatorBasis::IcmpRequest};
    }
    default:
      return {};
  }
}

}  // namespace pktana::flow
