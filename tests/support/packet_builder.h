// SPDX-License-Identifier: Apache-2.0
// Builds frames for tests, inside out: ethernet(kEtherTypeIpv4, ipv4({.protocol = 17}, udp({},
// text("hello")))). Lengths and checksums are right unless a field says otherwise, so that lies are
// told on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <arpa/inet.h>

namespace pktana::support {

using Octets = std::vector<uint8_t>;

inline void put_u8(Octets& out, uint8_t value) { out.push_back(value); }
inline void put_u16(Octets& out, uint16_t value) {
  out.push_back(static_cast<uint8_t>(value >> 8));
  out.push_back(static_cast<uint8_t>(value));
}
inline void put_u32(Octets& out, uint32_t value) {
  put_u16(out, static_cast<uint16_t>(value >> 16));
  put_u16(out, static_cast<uint16_t>(value));
}
inline void put_octets(Octets& out, const Octets& more) {
  out.insert(out.end(), more.begin(), more.end());
}
inline Octets joined(Octets first, const Octets& second) {
  put_octets(first, second);
  return first;
}
/// "0a 0B0c": hex digits, blanks ignored.
inline Octets hex(std::string_view digits) {
  Octets out;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = value;
    } else {
      out.push_back(static_cast<uint8_t>(high << 4 | value));
      high = -1;
    }
  }
  return out;
}
inline Octets text(std::string_view characters) { return {characters.begin(), characters.end()}; }

/// Sum of RFC 1071, not yet folded nor inverted.
inline uint32_t checksum_sum(const Octets& bytes, uint32_t sum = 0) {
  for (size_t i = 0; i < bytes.size(); ++i)
    sum += i % 2 == 0 ? uint32_t{bytes[i]} << 8 : bytes[i];
  return sum;
}
inline uint16_t folded_checksum(uint32_t sum) {
  while (sum > 0xFFFF)
    sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}
inline void set_u16(Octets& bytes, size_t at, uint16_t value) {
  bytes[at] = static_cast<uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<uint8_t>(value);
}

inline Octets ethernet(uint16_t type, const Octets& payload) {
  Octets out = hex("020000000002 020000000001");
  put_u16(out, type);
  put_octets(out, payload);
  return out;
}
/// Ethernet frame padded with `filler` to the 60 bytes that the standard asks for.
inline Octets padded(Octets frame, uint8_t filler = 0xEE) {
  if (frame.size() < 60) frame.resize(60, filler);
  return frame;
}
/// What follows the TPID: tag and inner type.
inline Octets vlan(uint16_t tci, uint16_t inner_type, const Octets& payload) {
  Octets out;
  put_u16(out, tci);
  put_u16(out, inner_type);
  put_octets(out, payload);
  return out;
}

inline Octets address_v4(const char* dotted) {
  Octets out(4);
  inet_pton(AF_INET, dotted, out.data());
  return out;
}
inline Octets address_v6(const char* written) {
  Octets out(16);
  inet_pton(AF_INET6, written, out.data());
  return out;
}

/// Fills the checksum of TCP, UDP or ICMPv6 in `segment` (RFC 9293, 768, 4443); other protocols are
/// left alone.
inline void set_transport_checksum(uint8_t protocol, const Octets& addresses, Octets& segment) {
  const size_t at = protocol == 6 ? 16 : protocol == 17 ? 6 : 2;
  const bool known = protocol == 6 || protocol == 17 || protocol == 58;
  if (!known || segment.size() < at + 2) return;
  set_u16(segment, at, 0);
  const auto length = static_cast<uint32_t>(segment.size());
  set_u16(segment, at,
          folded_checksum(checksum_sum(segment, checksum_sum(addresses, protocol + length))));
}

struct Ipv4Fields {
  const char* src = "192.0.2.1";
  const char* dst = "198.51.100.2";
  uint8_t protocol = 17;
  uint8_t ttl = 64;
  uint8_t tos = 0;
  uint16_t id = 0;
  uint16_t fragment = 0;  ///< flags and offset as in the header
  Octets options{};       ///< a multiple of 4 bytes
  std::optional<uint16_t> total_len{};
  std::optional<uint8_t> version_ihl{};
};
inline Octets ipv4(const Ipv4Fields& fields, Octets payload) {
  const size_t header_len = 20 + fields.options.size();
  Octets out;
  put_u8(out, fields.version_ihl.value_or(static_cast<uint8_t>(0x40 | header_len / 4)));
  put_u8(out, fields.tos);
  put_u16(out, fields.total_len.value_or(static_cast<uint16_t>(header_len + payload.size())));
  put_u16(out, fields.id);
  put_u16(out, fields.fragment);
  put_u8(out, fields.ttl);
  put_u8(out, fields.protocol);
  put_u16(out, 0);
  const Octets addresses = joined(address_v4(fields.src), address_v4(fields.dst));
  put_octets(out, addresses);
  put_octets(out, fields.options);
  set_u16(out, 10, folded_checksum(checksum_sum(out)));
  if (fields.fragment == 0) set_transport_checksum(fields.protocol, addresses, payload);
  put_octets(out, payload);
  return out;
}

struct Ipv6Fields {
  const char* src = "2001:db8::1";
  const char* dst = "2001:db8::2";
  uint8_t next_header = 17;
  uint8_t hop_limit = 64;
  uint8_t traffic_class = 0;
  uint32_t flow_label = 0;
  std::optional<uint16_t> payload_len{};
};
inline Octets ipv6(const Ipv6Fields& fields, Octets payload) {
  Octets out;
  put_u32(out, 6U << 28 | uint32_t{fields.traffic_class} << 20 | fields.flow_label);
  put_u16(out, fields.payload_len.value_or(static_cast<uint16_t>(payload.size())));
  put_u8(out, fields.next_header);
  put_u8(out, fields.hop_limit);
  const Octets addresses = joined(address_v6(fields.src), address_v6(fields.dst));
  put_octets(out, addresses);
  set_transport_checksum(fields.next_header, addresses, payload);
  put_octets(out, payload);
  return out;
}
/// Hop-by-hop, routing or destination options header; `body` is what follows the two length bytes,
/// padded to 8.
inline Octets ipv6_extension(uint8_t next_header, Octets body, const Octets& payload) {
  while ((body.size() + 2) % 8 != 0)
    body.push_back(0);
  Octets out{next_header, static_cast<uint8_t>((body.size() + 2) / 8 - 1)};
  put_octets(out, body);
  put_octets(out, payload);
  return out;
}
inline Octets ipv6_fragment(uint8_t next_header, uint16_t offset_and_more, uint32_t id,
                            const Octets& payload) {
  Octets out{next_header, 0};
  put_u16(out, offset_and_more);
  put_u32(out, id);
  put_octets(out, payload);
  return out;
}

struct UdpFields {
  uint16_t src_port = 40000;
  uint16_t dst_port = 53;
  std::optional<uint16_t> length{};
};
inline Octets udp(const UdpFields& fields, const Octets& payload) {
  Octets out;
  put_u16(out, fields.src_port);
  put_u16(out, fields.dst_port);
  put_u16(out, fields.length.value_or(static_cast<uint16_t>(8 + payload.size())));
  put_u16(out, 0);
  put_octets(out, payload);
  return out;
}

struct TcpFields {
  uint16_t src_port = 40000;
  uint16_t dst_port = 80;
  uint32_t seq = 1;
  uint32_t ack = 0;
  uint8_t flags = 0x10;
  uint16_t window = 65535;
  Octets options{};                      ///< a multiple of 4 bytes
  std::optional<uint8_t> data_offset{};  ///< in words
};
inline Octets tcp(const TcpFields& fields, const Octets& payload) {
  Octets out;
  put_u16(out, fields.src_port);
  put_u16(out, fields.dst_port);
  put_u32(out, fields.seq);
  put_u32(out, fields.ack);
  const auto words = static_cast<uint8_t>(5 + fields.options.size() / 4);
  put_u8(out, static_cast<uint8_t>(fields.data_offset.value_or(words) << 4));
  put_u8(out, fields.flags);
  put_u16(out, fields.window);
  put_u32(out, 0);
  put_octets(out, fields.options);
  put_octets(out, payload);
  return out;
}

/// ICMP or ICMPv6: `rest` are the 4 bytes behind the checksum (an echo's identifier and sequence
/// number).
struct IcmpFields {
  uint8_t type = 8;
  uint8_t code = 0;
  uint32_t rest = 0;
};
/// The checksum is ICMP's; ipv6() puts ICMPv6's in its place.
inline Octets icmp(const IcmpFields& fields, const Octets& payload) {
  Octets out{fields.type, fields.code, 0, 0};
  put_u32(out, fields.rest);
  put_octets(out, payload);
  set_u16(out, 2, folded_checksum(checksum_sum(out)));
  return out;
}

/// SCTP common header; the checksum is left 0.
inline Octets sctp(uint16_t src_port, uint16_t dst_port, const Octets& chunks) {
  Octets out;
  put_u16(out, src_port);
  put_u16(out, dst_port);
  put_u32(out, 0x01020304);
  put_u32(out, 0);
  put_octets(out, chunks);
  return out;
}

}  // namespace pktana::support
