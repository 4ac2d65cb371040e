// SPDX-License-Identifier: Apache-2.0
// Recognition of what routers, switches and access servers say to each other: BGP, LDP, BFD,
// NetFlow, IPFIX, sFlow, RADIUS, Diameter.
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// BGP (RFC 4271 section 4.1): sixteen bytes of ones, length, type.
pktana_match bgp_message(Bytes bytes) noexcept {
  constexpr size_t kMarker = 16;
  constexpr uint16_t kHeader = 19, kMaxLen = 4096;
  const Bytes marker = bytes.first(std::min(bytes.size(), kMarker));
  if (!std::all_of(marker.begin(), marker.end(), [](uint8_t byte) { return byte == 0xff; }))
    return PKTANA_NO;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, kMarker);
  return len >= kHeader && len <= kMaxLen && bytes[18] >= 1 && bytes[18] <= 5 ? PKTANA_YES
                                                                              : PKTANA_NO;
}

pktana_match bgp(const Probe& probe) noexcept { return either(probe, bgp_message); }

/// LDP PDU (RFC 5036 section 3.1): version 1, length, LSR id, label space; a message that exists.
pktana_match ldp_message(Bytes bytes) noexcept {
  constexpr size_t kHeader = 10;
  constexpr auto kTypes = std::to_array<uint16_t>(
      {0x0001, 0x0100, 0x0200, 0x0201, 0x0300, 0x0301, 0x0400, 0x0401, 0x0402, 0x0403, 0x0404});
  if (bytes.size() < kHeader + 8) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 2);
  const uint16_t type = be16(bytes, kHeader) & 0x7fff;
  const uint16_t message_len = be16(bytes, kHeader + 2);
  return be16(bytes, 0) == 1 && len >= 14 && len <= 4096 && message_len >= 4 &&
                 message_len + 10u <= len &&
                 std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end()
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match ldp(const Probe& probe) noexcept {
  const pktana_match match = either(probe, ldp_message);
  return probe.hinted() && (probe.is_tcp() || match == PKTANA_YES) ? match : PKTANA_NO;
}

/// BFD control packet (RFC 5880 section 4.1), on its ports only: version 1, length, a multiplier, a
/// discriminator. The echo port carries what a router likes to send itself: not provable.
pktana_match bfd(const Probe& probe) noexcept {
  constexpr size_t kHeader = 24;
  const Bytes bytes = probe.latest();
  if (!probe.hinted() || bytes.size() < kHeader || bytes[0] >> 5 != 1) return PKTANA_NO;
  const bool authenticated = (bytes[1] & 0x04) != 0;
  const uint8_t len = bytes[3];
  if (len > bytes.size() || (authenticated ? len < kHeader + 2 : len != kHeader)) return PKTANA_NO;
  return (bytes[0] & 0x1f) <= 9 && (bytes[1] & 0x01) == 0 && bytes[2] != 0 && be32(bytes, 4) != 0
             ? PKTANA_YES
             : PKTANA_NO;
}

/// NetFlow 1, 5 and 7 have records of one size: the datagram is as long as their number says.
bool netflow_fixed(Bytes bytes) noexcept {
  struct Layout {
    uint16_t version;
    size_t header, record;
    uint16_t max;
  };
  constexpr auto kLayouts =
      std::to_array<Layout>({{1, 16, 52, 24}, {5, 24, 48, 30}, {7, 24, 52, 28}});
  const uint16_t version = be16(bytes, 0);
  const uint16_t count = be16(bytes, 2);
  return std::any_of(kLayouts.begin(), kLayouts.end(), [&](const Layout& layout) {
    return layout.version == version && count >= 1 && count <= layout.max &&
           bytes.size() == layout.header + layout.record * count;
  });
}

/// Whether the sets (RFC 7011 section 3.3.2, RFC 3954 section 5) from `at` on fill the datagram.
/// @param lowest  first set id: 0 for NetFlow 9, 2 for IPFIX; 4 to 255 are no one's.
bool sets_hold(Bytes bytes, size_t at, uint16_t lowest) noexcept {
  constexpr unsigned kMaxSets = 64;
  for (unsigned i = 0; i < kMaxSets && at < bytes.size(); ++i) {
    if (bytes.size() - at < 4) return i > 0;
    const uint16_t id = be16(bytes, at);
    const uint16_t len = be16(bytes, at + 2);
    if ((id < 256 && (id < lowest || id > lowest + 1u)) || len < 4) return false;
    if (bytes.size() - at < len) return false;
    at += len;
  }
  return true;
}

pktana_match netflow(const Probe& probe) noexcept {
  constexpr size_t kHeader9 = 20;
  constexpr uint32_t kYear2000 = 946684800;
  const Bytes bytes = probe.latest();
  if (bytes.size() < kHeader9 + 4) return PKTANA_NO;
  if (netflow_fixed(bytes)) return PKTANA_YES;
  const uint16_t count = be16(bytes, 2);
  return be16(bytes, 0) == 9 && count >= 1 && count <= 1000 && be32(bytes, 8) > kYear2000 &&
                 sets_hold(bytes, kHeader9, 0)
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match ipfix(const Probe& probe) noexcept {
  constexpr size_t kHeader = 16;
  const Bytes bytes = probe.latest();
  if (bytes.size() < kHeader + 4) return bytes.empty() || probe.is_tcp() ? PKTANA_MAYBE : PKTANA_NO;
  const uint16_t len = be16(bytes, 2);
  if (be16(bytes, 0) != 10 || len < kHeader + 4) return PKTANA_NO;
  if (!probe.is_tcp() && len != bytes.size()) return PKTANA_NO;
  if (bytes.size() < len) return bytes.size() < PKTANA_PROBE_BYTES ? PKTANA_MAYBE : PKTANA_NO;
  return sets_hold(bytes.first(len), kHeader, 2) ? PKTANA_YES : PKTANA_NO;
}

/// sFlow 5: version, address of the agent, sub-agent, number, uptime, samples whose first is known.
pktana_match sflow(const Probe& probe) noexcept {
  const Bytes bytes = probe.latest();
  if (bytes.size() < 36 || be32(bytes, 0) != 5) return PKTANA_NO;
  const uint32_t address = be32(bytes, 4);
  if (address != 1 && address != 2) return PKTANA_NO;
  const size_t rest = address == 1 ? 12 : 24;
  if (bytes.size() < rest + 24) return PKTANA_NO;
  const uint32_t samples = be32(bytes, rest + 12);
  const uint32_t kind = be32(bytes, rest + 16) & 0xfff;
  const uint32_t len = be32(bytes, rest + 20);
  return samples >= 1 && samples <= 256 && kind >= 1 && kind <= 5 && len % 4 == 0 &&
                 len <= bytes.size() - rest - 24
             ? PKTANA_YES
             : PKTANA_NO;
}

/// RADIUS (RFC 2865 section 3, RFC 5176): code, length, attributes that end where the packet does.
pktana_match radius(const Probe& probe) noexcept {
  constexpr size_t kHeader = 20, kMaxLen = 4096;
  const Bytes bytes = probe.latest();
  if (bytes.size() < kHeader) return PKTANA_NO;
  const uint8_t code = bytes[0];
  const bool known =
      (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
  const uint16_t len = be16(bytes, 2);
  if (!known || len < kHeader || len > kMaxLen || len > bytes.size()) return PKTANA_NO;
  unsigned attributes = 0;
  bool expected_one = false;  // user name, NAS address, state, EAP, message authenticator ...
  for (size_t at = kHeader; at < len; ++attributes) {
    if (len - at < 2 || bytes[at + 1] < 2 || bytes[at + 1] > len - at || bytes[at] == 0)
      return PKTANA_NO;
    const uint8_t type = bytes[at];
    expected_one = expected_one || type == 1 || type == 4 || type == 24 || type == 79 ||
                   type == 80 || type == 32 || type == 40;
    at += bytes[at + 1];
  }
  if (probe.hinted()) return PKTANA_YES;
  return len == bytes.size() && attributes >= 3 && expected_one ? PKTANA_YES : PKTANA_NO;
}

/// Diameter (RFC 6733 section 3): version 1, length, flags, an AVP that comes first (Session-Id,
/// Origin-Host).
pktana_match diameter_message(Bytes bytes) noexcept {
  constexpr size_t kHeader = 20;
  constexpr uint32_t kSessionId = 263, kOriginHost = 264, kResultCode = 268;
  if (bytes[0] != 1) return PKTANA_NO;
  if (bytes.size() < kHeader + 8) return PKTANA_MAYBE;
  const uint32_t len = be24(bytes, 1);
  const uint32_t avp = be32(bytes, kHeader);
  return len % 4 == 0 && len >= kHeader + 8 && (bytes[4] & 0x0f) == 0 && be24(bytes, 5) >= 257 &&
                 (avp == kSessionId || avp == kOriginHost || avp == kResultCode) &&
                 be24(bytes, kHeader + 5) <= len - kHeader
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match diameter(const Probe& probe) noexcept { return either(probe, diameter_message); }

constexpr uint16_t kBgpPorts[] = {179, 0};
constexpr uint16_t kLdpPorts[] = {646, 0};
constexpr uint16_t kBfdPorts[] = {3784, 4784, 6784, 7784, 0};
constexpr uint16_t kNetflowPorts[] = {2055, 9995, 9996, 2057, 0};
constexpr uint16_t kIpfixPorts[] = {4739, 0};
constexpr uint16_t kSflowPorts[] = {6343, 0};
constexpr uint16_t kRadiusPorts[] = {1812, 1813, 1645, 1646, 3799, 0};
constexpr uint16_t kDiameterPorts[] = {3868, 0};
constexpr uint32_t kOnBoth = PKTANA_ON_TCP | PKTANA_ON_UDP;

constexpr pktana_dissector udp_only(const char* name, const uint16_t* ports,
                                    pktana_match (*probe)(const pktana_probe*)) noexcept {
  return recogniser({.name = name, .udp_ports = ports, .protocols = PKTANA_ON_UDP}, probe);
}

}  // namespace

const pktana_dissector kBgp = recogniser({.name = "bgp", .tcp_ports = kBgpPorts}, probed<bgp>);
const pktana_dissector kLdp = recogniser(
    {.name = "ldp", .tcp_ports = kLdpPorts, .udp_ports = kLdpPorts, .protocols = kOnBoth},
    probed<ldp>);
const pktana_dissector kBfd = udp_only("bfd", kBfdPorts, probed<bfd>);
const pktana_dissector kNetflow = udp_only("netflow", kNetflowPorts, probed<netflow>);
const pktana_dissector kIpfix = recogniser(
    {.name = "ipfix", .tcp_ports = kIpfixPorts, .udp_ports = kIpfixPorts, .protocols = kOnBoth},
    probed<ipfix>);
const pktana_dissector kSflow = udp_only("sflow", kSflowPorts, probed<sflow>);
const pktana_dissector kRadius = udp_only("radius", kRadiusPorts, probed<radius>);
const pktana_dissector kDiameter =
    recogniser({.name = "diameter", .tcp_ports = kDiameterPorts}, probed<diameter>);

}  // namespace pktana::app::enterprise
