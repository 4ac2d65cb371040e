// SPDX-License-Identifier: Apache-2.0
// Recognises DHCPv6 (RFC 8415): a message type of the registry, and options that fill the datagram
// exactly.
#include "app/internet/dissectors.h"
#include "app/reader.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {546, 547, 0};
constexpr uint8_t kMaxMessageType = 36;  // RFC 7341 and later ones
constexpr uint8_t kRelayForward = 12;
constexpr uint8_t kRelayReply = 13;
constexpr size_t kRelayHeaderRest = 33;  // hop count, link and peer address
constexpr size_t kTransactionIdLen = 3;
constexpr unsigned kMaxOptions = 256;

pktana_match probe_dhcpv6(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  Reader reader(probe.latest());
  const uint8_t type = reader.u8();
  if (!probe.hinted() || type == 0 || type > kMaxMessageType) return PKTANA_NO;
  const bool is_relayed = type == kRelayForward || type == kRelayReply;
  reader.skip(is_relayed ? kRelayHeaderRest : kTransactionIdLen);
  unsigned options = 0;
  while (reader.left() > 0 && options < kMaxOptions) {
    reader.skip(2);  // code
    reader.skip(reader.u16());
    ++options;
  }
  return reader.ok() && options > 0 && reader.left() == 0 ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kDhcpv6 =
    recogniser({.name = "dhcpv6", .udp_ports = kPorts, .protocols = PKTANA_ON_UDP}, probe_dhcpv6);

}  // namespace pktana::app::internet
