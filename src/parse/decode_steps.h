// SPDX-License-Identifier: Apache-2.0
// Inside of decode(): the steps it is made of. Each step reads one header with that header's view,
// moves the cursor behind it and says what comes next; decode.cpp holds the loop and the steps that
// most packets take. No one else includes this.
#pragma once

#include <algorithm>

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
  const TunnelPorts* ports = nullptr;  ///< nullptr: don't look into IP packets that carry another

  [[nodiscard]] base::Bytes bytes() const noexcept { return {data, captured}; }
  /// @param n at most `captured`.
  void skip(size_t n) noexcept {
    data += n;
    captured -= static_cast<uint32_t>(n);
    sent -= static_cast<uint32_t>(n);
  }
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

/// Zeroes the fields that belong to an IP packet and what is above it.
[[gnu::always_inline]] inline void reset_ip(Packet& out) noexcept {
  out.ip_version = out.protocol = out.ttl = out.tos = 0;
  out.fragment = Fragment::None;
  out.payload_cut = false;
  out.tcp_flags = out.icmp_type = out.icmp_code = 0;
  out.src_port = out.dst_port = out.tcp_window = out.icmp_id = 0;
  out.tcp_seq = out.tcp_ack = 0;
  out.payload_len = out.ip_len = 0;
  out.fragment_id = out.fragment_offset = 0;
  out.src = out.dst = nullptr;
  out.network = {};
  out.transport = {};
  out.tcp_options = {};
  out.payload = {};
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
[[nodiscard]] Step step_mpls(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_nsh(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_vntag(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_etag(Cursor& at, Packet& out) noexcept;
[[nodiscard]] Step step_pbb(Cursor& at, Packet& out) noexcept;
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
  out.payload_cut |= at.captured < at.sent;
  return Step::Done;
}

}  // namespace pktana::parse
