// SPDX-License-Identifier: Apache-2.0
#include "app/secure/quic/quic_packet.h"

#include <array>
#include <charconv>

#include "app/secure/quic/quic_keys.h"

namespace pktana::app::secure {
namespace {

constexpr uint8_t kLongHeader = 0x80;
constexpr uint8_t kFixedBit = 0x40;

bool is_google(uint32_t version) noexcept {
  const auto letter = static_cast<uint8_t>(version >> 24);
  const auto digit = [version](unsigned shift) {
    const auto c = static_cast<uint8_t>(version >> shift);
    return c >= '0' && c <= '9';
  };
  return (letter == 'Q' || letter == 'T') && digit(16) && digit(8) && digit(0);
}

QuicType type_of(uint32_t version, uint8_t first) noexcept {
  const unsigned bits = first >> 4 & 3;
  // Version 2 begins one later, so that nobody relies on the numbers (RFC 9369 section 3.2).
  return static_cast<QuicType>(version == kQuicV2 ? (bits + 3) & 3 : bits);
}

}  // namespace

uint64_t take_varint(Reader& in) noexcept {
  const uint8_t first = in.u8();
  uint64_t value = first & 0x3F;
  for (unsigned more = (1U << (first >> 6)) - 1; more > 0; --more)
    value = value << 8 | in.u8();
  return value;
}

bool knows_quic_version(uint32_t version) noexcept { return quic_salt(version) != nullptr; }

std::optional<QuicPacket> next_quic_packet(Reader& datagram) noexcept {
  const Bytes all = datagram.rest();
  Reader in(all);
  const uint8_t first = in.u8();
  QuicPacket packet;
  packet.version = in.u32();
  packet.destination_id = in.vector8();
  packet.source_id = in.vector8();
  const bool ids_fit =
      packet.destination_id.size() <= kMaxQuicId && packet.source_id.size() <= kMaxQuicId;
  if (!in.ok() || (first & kLongHeader) == 0 || !ids_fit) return std::nullopt;
  packet.whole = all;
  if (packet.version == 0) {
    packet.type = QuicType::VersionNegotiation;
    if (in.empty() || in.left() % 4 != 0) return std::nullopt;
    datagram.take(datagram.left());
    return packet;
  }
  if ((first & kFixedBit) == 0 || !knows_quic_version(packet.version)) return std::nullopt;
  packet.type = type_of(packet.version, first);
  if (packet.type == QuicType::Retry) {
    datagram.take(datagram.left());
    return packet;
  }
  if (packet.type == QuicType::Initial) in.take(take_varint(in));  // token
  const uint64_t length = take_varint(in);
  packet.number_at = all.size() - in.left();
  in.take(length);
  if (!in.ok()) return std::nullopt;
  packet.whole = datagram.take(packet.number_at + length);
  return packet;
}

std::optional<GoogleQuicPacket> parse_google_quic(Bytes datagram) noexcept {
  constexpr uint8_t kHasVersion = 0x01;
  constexpr uint8_t kHasId = 0x08;
  Reader in(datagram);
  const uint8_t flags = in.u8();
  GoogleQuicPacket packet;
  if ((flags & kLongHeader) != 0) {
    packet.version = in.u32();
    const uint8_t id_lengths = in.u8();
    in.take((id_lengths >> 4) != 0 ? (id_lengths >> 4) + 3U : 0U);
    in.take((id_lengths & 15) != 0 ? (id_lengths & 15) + 3U : 0U);
  } else {
    if ((flags & kHasVersion) == 0) return std::nullopt;
    if ((flags & kHasId) != 0) in.take(8);
    packet.version = in.u32();
  }
  if (!in.ok() || !is_google(packet.version)) return std::nullopt;
  packet.payload = in.rest();
  return packet;
}

std::string quic_version_text(uint32_t version) {
  if (version == kQuicV1) return "1";
  if (version == kQuicV2) return "v2";
  if (version >= 0x51303433 && version <= 0x51303436) {  // Q043 to Q046
    std::array<char, 4> text{};
    base::store_be(reinterpret_cast<uint8_t*>(text.data()), version);
    return {text.data(), text.size()};
  }
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), version, 16).ptr;
  return {digits.data(), end};
}

}  // namespace pktana::app::secure
