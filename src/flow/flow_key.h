// SPDX-License-Identifier: Apache-2.0
// What makes two packets one flow: both addresses and ports in canonical order, protocol, VLAN ids,
// encapsulation.
#pragma once

#include <array>
#include <cstdint>

#include "base/keyed_hash.h"
#include "parse/packet.h"

namespace pktana::flow {

struct KeyOptions {
  bool vlan = true;    ///< the same addresses in two VLANs are two flows
  bool tunnel = true;  ///< the same addresses in two tunnels are two flows
};

/// Canonical: the endpoint whose (address, port) is smaller comes first ("low"), whoever sent the
/// packet. Words, not fields, so that comparing and hashing are a few instructions.
struct FlowKey {
  /// IPv4: [0] = low address | high address << 32, rest 0. IPv6: [0..1] low, [2..3] high. Bytes as
  /// on the wire.
  std::array<uint64_t, 4> address{};
  /// low port | high port << 16 | protocol << 32 | IP version << 40 | asking end << 48.
  /// ICMP: request type << 8 | code in place of the low port, identifier in place of the high one,
  /// and the end that asks (or sends a one-way message): 1 low, 2 high. Else that is 0.
  /// ESP: the security parameter index in place of both ports.
  uint64_t ports = 0;
  /// outer VLAN id + 1 | inner VLAN id + 1 << 16 | hash of further VLAN ids and of the tunnels
  /// around it << 32 (0 = none).
  uint64_t domain = 0;

  [[nodiscard]] uint8_t protocol() const noexcept { return static_cast<uint8_t>(ports >> 32); }
  [[nodiscard]] uint8_t ip_version() const noexcept { return static_cast<uint8_t>(ports >> 40); }
  [[nodiscard]] uint16_t low_port() const noexcept { return static_cast<uint16_t>(ports); }
  [[nodiscard]] uint32_t spi() const noexcept { return static_cast<uint32_t>(ports); }
  [[nodiscard]] uint16_t high_port() const noexcept { return static_cast<uint16_t>(ports >> 16); }

  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

/// A key and which end of it sent the packet.
struct DirectedKey {
  FlowKey key;
  bool from_high = false;
};

/// Key of a packet with verdict Ip.
[[nodiscard]] DirectedKey make_key(const parse::Packet& packet, KeyOptions options) noexcept;

/// Where the packet was seen, for fragments: VLAN ids and tunnels around it as in the key, but with
/// the ids of its own direction.
[[nodiscard]] uint64_t path_domain(const parse::Packet& packet, KeyOptions options) noexcept;

[[nodiscard]] inline uint64_t hash_key(const base::HashSecret& secret,
                                       const FlowKey& key) noexcept {
  if (key.ip_version() == 4) return base::keyed_hash(secret, key.address[0], key.ports, key.domain);
  return base::keyed_hash(secret, {key.address[0], key.address[1], key.address[2], key.address[3],
                                   key.ports, key.domain});
}

}  // namespace pktana::flow
