// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"

#include <utility>

#include "base/bytes.h"
#include "flow/icmp_pairs.h"
#include "flow/key_ends.h"

namespace pktana::flow {
namespace {

using base::load_be;
using base::load_raw;

constexpr uint64_t kVersionShift = 40;
constexpr uint64_t kProtocolShift = 32;
constexpr uint64_t kAskerShift = 48;
constexpr uint64_t kEncapsulationShift = 32;
/// Odd numbers with about as many ones as zeros; the secret comes in with the hash of the whole
/// key.
constexpr std::array<uint64_t, 2> kMix{0x9E3779B97F4A7C15U, 0xBF58476D1CE4E5B9U};

/// Ports of the packet as the key holds them, sender's first.
struct KeyPorts {
  uint16_t src = 0;
  uint16_t dst = 0;
};

uint64_t proto_word(const parse::Packet& packet) noexcept {
  return uint64_t{packet.protocol} << kProtocolShift | uint64_t{packet.ip_version} << kVersionShift;
}

uint64_t ports_in_order(const parse::Packet& packet, KeyPorts ports, bool swap) noexcept {
  if (swap) std::swap(ports.src, ports.dst);
  return port_word(packet.ip_version, packet.protocol, ports.src, ports.dst);
}

uint64_t vlan_word(const parse::Packet& packet) noexcept {
  uint64_t word = 0;
  if (packet.vlan_count > 0) word = uint64_t{packet.vlan_id[0]} + 1;
  if (packet.vlan_count > 1) word |= (uint64_t{packet.vlan_id[1]} + 1) << 16;
  return word;
}

/// Puts the addresses in order; `ports` decide between equal ones. Returns whether the sender is
/// the high end.
bool set_addresses(const parse::Packet& packet, KeyPorts ports, FlowKey& key) noexcept {
  return put_ends(packet.ip_version, {packet.src, ports.src}, {packet.dst, ports.dst}, key);
}

/// ICMP has no ports: type, code and identifier take their place, the same words for request and
/// reply. Which end asks is part of the key: hosts that ping each other often use one identifier.
DirectedKey make_icmp_key(const parse::Packet& packet) noexcept {
  DirectedKey made;
  made.from_high = set_addresses(packet, {}, made.key);
  const auto pair = icmp_pair(packet.protocol, packet.icmp_type);
  const uint8_t type = pair ? pair->request : packet.icmp_type;
  const uint16_t id =
      icmp_has_identifier(packet.protocol, packet.icmp_type) ? packet.icmp_id : uint16_t{0};
  made.key.ports = proto_word(packet) | uint64_t{type} << 8 | packet.icmp_code | uint64_t{id} << 16;
  const bool is_reply = pair && packet.icmp_type == pair->reply;
  const bool to_itself = std::memcmp(packet.src, packet.dst, packet.ip_version == 4 ? 4 : 16) == 0;
  if (to_itself) made.from_high = is_reply;
  const bool asker_is_high = made.from_high != is_reply;
  made.key.ports |= (asker_is_high ? uint64_t{2} : uint64_t{1}) << kAskerShift;
  return made;
}

/// ESP has no ports, but an index that names one direction of a security association. 0 where the
/// packet does not tell: a later fragment, or a cut one.
uint32_t spi_of(const parse::Packet& packet) noexcept {
  if (packet.fragment == parse::Fragment::Later || packet.transport.size() < sizeof(uint32_t))
    return 0;
  return load_be<uint32_t>(packet.transport.data());
}

/// Whether the layer only steers frames in one direction: the other has another label, or none (the
/// last router but one of an MPLS path takes it off).
bool is_one_way(parse::TunnelType type) noexcept {
  return type == parse::TunnelType::Mpls || type == parse::TunnelType::VnTag ||
         type == parse::TunnelType::ETag || type == parse::TunnelType::FabricPath;
}

/// Whether both directions of a flow carry the same id in this kind of tunnel.
bool id_is_shared(parse::TunnelType type) noexcept {
  switch (type) {
    case parse::TunnelType::Pptp:  // call ids, endpoint ids and sessions are chosen by each
    case parse::TunnelType::Gtpu:  // receiving end for itself
    case parse::TunnelType::L2tp:
      return false;
    default:
      return true;
  }
}

uint64_t address_word(const uint8_t* address, uint8_t ip_version) noexcept {
  if (ip_version == 4) return load_raw<uint32_t>(address);
  return base::fold_multiply(load_raw<uint64_t>(address) ^ kMix[0],
                             load_raw<uint64_t>(address + 8) ^ kMix[1]);
}

/// VLAN ids that vlan_word() has no room for, in one number; 0 = none.
uint64_t deep_vlan_word(const parse::Packet& packet) noexcept {
  uint64_t word = 0;
  for (unsigned i = 2; i < packet.vlan_count; ++i)
    word = base::fold_multiply(word ^ (uint64_t{packet.vlan_id[i]} + 1) ^ kMix[1], kMix[0]);
  return word;
}

/// One number for the tunnels around a packet, the same in both directions, and for the VLAN tags
/// that vlan_word() leaves out; 0 = none that counts.
/// @param one_way with the ids that only the packet's own direction has.
uint32_t encapsulation_of(const parse::Packet& packet, KeyOptions options, bool one_way) noexcept {
  uint64_t word = options.vlan ? deep_vlan_word(packet) : 0;
  bool found = word != 0;
  for (unsigned i = 0; options.tunnel && i < packet.outer_count; ++i) {
    const parse::OuterLayer& layer = packet.outer[i];
    if (is_one_way(layer.type)) continue;
    found = true;
    word ^= uint64_t{static_cast<uint8_t>(layer.type)} << 56;
    if (one_way || id_is_shared(layer.type)) word ^= uint64_t{layer.id} << 16;
    word = base::fold_multiply(word ^ kMix[0], kMix[1]);
    if (layer.ip_version == 0) continue;
    const uint64_t src = address_word(layer.src, layer.ip_version);
    const uint64_t dst = address_word(layer.dst, layer.ip_version);
    word ^=
        base::fold_multiply(src ^ kMix[1], kMix[0]) + base::fold_multiply(dst ^ kMix[1], kMix[0]);
  }
  if (!found) return 0;
  const auto number = static_cast<uint32_t>(word >> 32);
  return number == 0 ? 1 : number;
}

uint64_t domain_of(const parse::Packet& packet, KeyOptions options, bool one_way) noexcept {
  uint64_t domain = options.vlan ? vlan_word(packet) : 0;
  if (packet.outer_count > 0 || packet.vlan_count > 2)
    domain |= uint64_t{encapsulation_of(packet, options, one_way)} << kEncapsulationShift;
  return domain;
}

}  // namespace

uint64_t path_domain(const parse::Packet& packet, KeyOptions options) noexcept {
  return domain_of(packet, options, true);
}

DirectedKey make_key(const parse::Packet& packet, KeyOptions options) noexcept {
  DirectedKey made;
  const bool icmp = packet.protocol == kProtocolIcmp || packet.protocol == kProtocolIcmpv6;
  if (icmp && packet.fragment != parse::Fragment::Later) {
    made = make_icmp_key(packet);
  } else {
    const KeyPorts ports{packet.src_port, packet.dst_port};
    made.from_high = set_addresses(packet, ports, made.key);
    made.key.ports = ports_in_order(packet, ports, made.from_high);
    if (packet.protocol == kProtocolEsp) made.key.ports |= spi_of(packet);
  }
  if (packet.vlan_count > 0 || packet.outer_count > 0)
    made.key.domain = domain_of(packet, options, false);
  return made;
}

}  // namespace pktana::flow
