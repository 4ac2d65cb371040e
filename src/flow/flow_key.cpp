// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"

#include <utility>

#include "base/bytes.h"
#include "flow/icmp_pairs.h"

namespace pktana::flow {
namespace {

using base::load_be;
using base::load_raw;

constexpr uint64_t kVersionShift = 40;
constexpr uint64_t kProtocolShift = 32;
constexpr uint64_t kAskerShift = 48;

/// Ports of the packet as the key holds them, sender's first.
struct KeyPorts {
  uint16_t src = 0;
  uint16_t dst = 0;
};

uint64_t proto_word(const parse::Packet& packet) noexcept {
  return uint64_t{packet.protocol} << kProtocolShift | uint64_t{packet.ip_version} << kVersionShift;
}

uint64_t port_word(KeyPorts ports, bool swap) noexcept {
  if (swap) std::swap(ports.src, ports.dst);
  return uint64_t{ports.src} | uint64_t{ports.dst} << 16;
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
  if (packet.ip_version == 4) {
    const uint64_t src = uint64_t{load_be<uint32_t>(packet.src)} << 16 | ports.src;
    const uint64_t dst = uint64_t{load_be<uint32_t>(packet.dst)} << 16 | ports.dst;
    const bool from_high = src > dst;
    const uint64_t src_raw = load_raw<uint32_t>(packet.src);
    const uint64_t dst_raw = load_raw<uint32_t>(packet.dst);
    key.address[0] = from_high ? dst_raw | src_raw << 32 : src_raw | dst_raw << 32;
    return from_high;
  }
  const int order = std::memcmp(packet.src, packet.dst, 16);
  const bool from_high = order != 0 ? order > 0 : ports.src > ports.dst;
  std::memcpy(&key.address[0], from_high ? packet.dst : packet.src, 16);
  std::memcpy(&key.address[2], from_high ? packet.src : packet.dst, 16);
  return from_high;
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

}  // namespace

DirectedKey make_key(const parse::Packet& packet, KeyOptions options) noexcept {
  DirectedKey made;
  const bool icmp = packet.protocol == kProtocolIcmp || packet.protocol == kProtocolIcmpv6;
  if (icmp && packet.fragment != parse::Fragment::Later) {
    made = make_icmp_key(packet);
  } else {
    const KeyPorts ports{packet.src_port, packet.dst_port};
    made.from_high = set_addresses(packet, ports, made.key);
    made.key.ports = proto_word(packet) | port_word(ports, made.from_high);
  }
  if (options.vlan && packet.vlan_count > 0) made.key.domain = vlan_word(packet);
  return made;
}

}  // namespace pktana::flow
