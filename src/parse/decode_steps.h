// SPDX-License-Identifier: Apache-2.0
// Inside of decode(): the steps it is made of. Each step reads one header with that header's view,
// moves the cursor behind it and says what comes next; decode.cpp holds the loop and the steps that
// most packets take. No one else includes this.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "base/bytes.h"
#include "parse/packet.h"
#include "parse/tunnel.h"

namespace pktana::parse {

/// What the bytes at the cursor are.
enum class Step : uint8_t {
  Done,
  Link,            ///< header of Cursor::link_type
  Ethernet,        ///< MAC header
  EtherType,       ///< what Cursor::ethertype says
  OtherEtherType,  ///< the same, but none of IPv4, IPv6 and VLAN tags
  Llc,
  Snap,
  Pppoe,
  Ppp,
  Mpls,
  Nsh,
  Ip,  ///< version 4 or 6, as its first nibble says
  Ipv4,
  Ipv6,
  Ipv6Extension,   ///< the one that Packet::protocol names
  Transport,       ///< what Packet::protocol names
  OtherTransport,  ///< the same, but neither TCP nor UDP
  CutTransport,    ///< TCP or UDP header that is not all there
  IpInIp,          ///< payload of an IP packet, already filled in, that is one too
  Gre,             ///< payload of an IP packet, already filled in
  UdpTunnel,       ///< payload of a UDP packet, already filled in, on a port of a tunnel
};

/// The IP packet whose inside is being looked at. If there turns out to be no IP packet inside,
/// this one is decoded once more, as what it is by itself.
struct Enclosing {
  const uint8_t* data = nullptr;  ///< its IP header; nullptr = no IP packet encloses
  uint32_t captured = 0;
  uint32_t sent = 0;
  uint16_t ethertype = 0;
  uint8_t ip_version = 0;
  uint8_t vlan_count = 0;
  uint8_t outer_count = 0;
};

/// PERF NOTE: pointer and lengths, not a span: g++ 12 copies a span as 16 bytes that were stored as
/// twice 8, which stalls (19 ns a packet became 13; bench/parse).
struct Cursor {
  const uint8_t* data = nullptr;       ///< the next header
  uint32_t captured = 0;               ///< bytes from there on
  uint32_t sent = 0;                   ///< the same as sent, at least `captured`
  uint16_t link_type = 0;              ///< for Step::Link
  uint16_t ethertype = 0;              ///< for Step::EtherType
  bool cut = false;                    ///< the IP length goes beyond the frame
  const TunnelPorts* ports = nullptr;  ///< nullptr: don't look into IP packets that carry another

  [[nodiscard]] base::Bytes bytes() const noexcept { return {data, captured}; }
  /// @param n at most `captured`.
  void skip(size_t n) noexcept {
    assert(n <= captured);
    data += n;
    captured -= static_cast<uint32_t>(n);
    sent -= static_cast<uint32_t>(n);
  }
  /// Something that was sent is not there.
  [[nodiscard]] bool is_cut() const noexcept { return cut || captured < sent; }
  /// The layer ends after `n` bytes, what the frame holds behind is padding. A length beyond the
  /// frame changes nothing.
  void limit_length(uint32_t n) noexcept {
    if (n < sent) sent = n;
    if (n < captured) captured = n;
  }
};

inline Step undecodable(Packet& out, ParseError error, Layer layer) noexcept {
  out.verdict = Verdict::Undecodable;
  out.error = error;
  out.layer = layer;
  return Step::Done;
}

inline Step non_ip(const Cursor& at, Packet& out, NonIp type) noexcept {
  out.verdict = Verdict::NonIp;
  out.non_ip = type;
  out.network = at.bytes();
  return Step::Done;
}

/// Zeroes all but the two arrays, whose counts say what of them is valid. That makes the verdict
/// Ip, which every step that ends a packet overwrites. PERF NOTE: two pieces, since g++ 12 makes
/// wide stores of up to 96 bytes, but `rep stos` of the 136. Clearing all 424 bytes costs 13 ns
/// more a packet (bench/parse).
[[gnu::always_inline]] inline void reset(Packet& out) noexcept {
  static_assert(std::is_trivially_copyable_v<Packet> && std::is_standard_layout_v<Packet>);
  constexpr size_t kMiddle = offsetof(Packet, src);
  constexpr size_t kEnd = offsetof(Packet, vlan_id);
  std::memset(static_cast<void*>(&out), 0, kMiddle);
  std::memset(static_cast<void*>(&out.src), 0, kEnd - kMiddle);
}

/// The same, but what was found below and around the IP packet stays.
inline void reset_ip(Packet& out) noexcept {
  const uint8_t vlan_count = out.vlan_count;
  const uint8_t outer_count = out.outer_count;
  const uint16_t ethertype = out.ethertype;
  reset(out);
  out.vlan_count = vlan_count;
  out.outer_count = outer_count;
  out.ethertype = ethertype;
}

// decode_link.cpp
[[nodiscard]] Step step_link(Cursor& at, Packet& out) noexcept;

// decode_ethertype.cpp
[[nodiscard]] Step step_llc(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_snap(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_pppoe(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_ppp(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_other_ethertype(Cursor& at, Packet& out) noexcept;

// decode_link_tunnel.cpp
/// Notes an encapsulation without addresses. @return false if there are too many.
[[nodiscard]] bool push_label(Packet& out, TunnelType type, uint32_t id) noexcept;
[[nodiscard]] Step step_mpls(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_nsh(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_vntag(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_etag(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_pbb(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_fabricpath(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_macsec(Cursor& at, Packet& out) noexcept;
/// What a next protocol number of NSH and VXLAN-GPE names.
[[nodiscard]] Step by_next_protocol(const Cursor& at, Packet& out, uint8_t number) noexcept;

// decode_ip_tunnel.cpp: these begin with a packet that is filled in without regard to what it
// carries. Step::Done leaves it as it is.
[[nodiscard]] Step step_ip_in_ip(Cursor& at, Enclosing& enclosing, Packet& out) noexcept;
[[nodiscard]] Step step_gre(Cursor& at, Enclosing& enclosing, Packet& out) noexcept;
[[nodiscard]] Step step_udp_tunnel(Cursor& at, Enclosing& enclosing, Packet& out) noexcept;

// decode_transport.cpp
[[nodiscard]] Step step_ipv6_extension(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_other_transport(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_cut_transport(const Cursor& at, Packet& out) noexcept;
/// The IP payload is the transport payload: a protocol without ports, or a later fragment.
inline Step take_portless(const Cursor& at, Packet& out) noexcept {
  out.transport = at.bytes();
  out.payload = at.bytes();
  out.payload_len = at.sent;
  out.payload_cut = at.is_cut();
  return Step::Done;
}

}  // namespace pktana::parse
