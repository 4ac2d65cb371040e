// SPDX-License-Identifier: Apache-2.0
#include "app/reader.h"
#include "app/secure/vpn/vpn.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kInitiationBytes = 148;
constexpr size_t kResponseBytes = 92;
constexpr size_t kEmptyDataBytes = 32;

pktana_match probe_wireguard(const pktana_probe* raw) {
  return looks_like_wireguard(Probe(*raw).latest()) ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {51820, 0};

}  // namespace

bool looks_like_wireguard(Bytes datagram) noexcept {
  Reader in(datagram);
  const uint8_t type = in.u8();
  if (in.u24() != 0) return false;  // reserved
  const uint32_t index = in.u32();
  if (!in.ok() || index == 0) return false;
  if (type == 1) return datagram.size() == kInitiationBytes;
  if (type == 2) return datagram.size() == kResponseBytes;
  if (type != 4 || datagram.size() < kEmptyDataBytes || datagram.size() % 16 != 0) return false;
  // A counter of eight bytes, little-endian: its upper half stays zero for 2^32 packets.
  in.u32();
  return in.u32() == 0;
}

constinit const pktana_dissector kWireGuard = recogniser(
    {.name = "wireguard", .udp_ports = kPorts, .protocols = PKTANA_ON_UDP}, probe_wireguard);

}  // namespace pktana::app::secure
