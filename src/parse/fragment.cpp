// SPDX-License-Identifier: Apache-2.0
#include "parse/fragment.h"

#include <algorithm>

#include "parse/ip_protocol.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/ipv6_extension.h"

namespace pktana::parse {
namespace {

constexpr uint32_t kIpv6NextHeaderAt = 6;

/// @param at where the piece begins in packet.network.
FragmentParts split_at(const Packet& packet, size_t header_len, size_t at) noexcept {
  FragmentParts parts;
  const auto skipped = static_cast<uint32_t>(at);
  parts.header = packet.network.first(header_len);
  parts.piece = packet.network.subspan(at);
  parts.piece_len = packet.ip_len - std::min(packet.ip_len, skipped);
  return parts;
}

std::optional<FragmentParts> ipv4_parts(const Packet& packet) noexcept {
  const auto ip = Ipv4View::parse(packet.network);
  if (!ip || !ip->is_fragment()) return std::nullopt;
  FragmentParts parts = split_at(packet, ip->header_len_bytes(), ip->header_len_bytes());
  parts.offset = ip->fragment_offset_bytes();
  parts.id = ip->id();
  parts.more = ip->more_fragments();
  return parts;
}

std::optional<FragmentParts> ipv6_parts(const Packet& packet) noexcept {
  const auto ip = Ipv6View::parse(packet.network);
  if (!ip) return std::nullopt;
  uint8_t type = ip->next_header();
  uint32_t named_at = kIpv6NextHeaderAt;
  // decode() has walked the same chain, and its limit holds here.
  for (size_t at = Ipv6View::kHeaderLen; is_ipv6_extension(type);) {
    const auto header = Ipv6ExtensionView::parse(type, packet.network.subspan(at));
    if (!header) return std::nullopt;
    const uint32_t offset = header->fragment_offset_bytes();
    if (type == kIpProtoFragment && (offset != 0 || header->more_fragments())) {
      FragmentParts parts = split_at(packet, at, at + header->length_bytes());
      parts.next_header_at = named_at;
      parts.next_header = header->next_header();
      parts.offset = offset;
      parts.id = header->fragment_id();
      parts.more = header->more_fragments();
      return parts;
    }
    named_at = static_cast<uint32_t>(at);
    type = header->next_header();
    at += header->length_bytes();
  }
  return std::nullopt;
}

}  // namespace

std::optional<FragmentParts> fragment_parts(const Packet& packet) noexcept {
  return packet.ip_version == 4 ? ipv4_parts(packet) : ipv6_parts(packet);
}

}  // namespace pktana::parse
