// SPDX-License-Identifier: Apache-2.0
// The line that a frame gets, for the tests of lines.
#pragma once

#include <array>
#include <string>

#include "cli/packet_line.h"
#include "parse/packet.h"
#include "support/packet_builder.h"

namespace pktana::cli {

inline constexpr uint16_t kIpv4 = 0x0800;
inline constexpr uint16_t kIpv6 = 0x86DD;

/// A frame as a source lends it; `wire_len` 0 = all captured.
inline ring::PacketRef ref_to(const support::Octets& frame, uint32_t wire_len = 0) {
  const auto captured = static_cast<uint32_t>(frame.size());
  return {.data = frame.data(),
          .captured_len = captured,
          .wire_len = wire_len == 0 ? captured : wire_len};
}

inline parse::Packet decoded(const ring::PacketRef& ref) {
  parse::Packet packet;
  parse::decode(ref.link_type, {ref.data, ref.captured_len}, ref.wire_len,
                {.tpid = ref.vlan_tpid, .tci = ref.vlan_tci}, packet);
  return packet;
}

inline std::string line_of(const ring::PacketRef& ref) {
  std::array<char, Line::kMaxLineBytes> room{};
  Line line(room.data());
  put_packet(line, ref, decoded(ref));
  return {room.data(), line.end()};
}

inline std::string line_of(const support::Octets& frame) { return line_of(ref_to(frame)); }

/// Of an IPv4 packet in an Ethernet frame.
inline std::string line_of_ipv4(const support::Ipv4Fields& fields, const support::Octets& payload) {
  return line_of(support::ethernet(kIpv4, support::ipv4(fields, payload)));
}

inline std::string line_of_ipv6(const support::Ipv6Fields& fields, const support::Octets& payload) {
  return line_of(support::ethernet(kIpv6, support::ipv6(fields, payload)));
}

}  // namespace pktana::cli
