// SPDX-License-Identifier: Apache-2.0
// Headers of QUIC packets that name their version: versions 1 and 2 (RFC 9000 section 17.2, RFC
// 9369), the drafts from 22 on, version negotiation, and Google's QUIC before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/reader.h"

namespace pktana::app::secure {

inline constexpr uint32_t kQuicV1 = 1;
inline constexpr uint32_t kQuicV2 = 0x6B3343CF;
inline constexpr size_t kMaxQuicId = 20;  ///< bytes of a connection id

enum class QuicType : uint8_t { Initial, ZeroRtt, Handshake, Retry, VersionNegotiation };

/// Lifetime: borrows the datagram.
struct QuicPacket {
  QuicType type = QuicType::Initial;
  uint32_t version = 0;
  Bytes destination_id;
  Bytes source_id;
  Bytes whole;           ///< header and payload
  size_t number_at = 0;  ///< where the packet number is in `whole`; 0 where there is none
};

/// The next packet of a datagram, which may hold several. Nothing at its end, before a packet with
/// a short header, and where it is none of a version whose layout is known.
[[nodiscard]] std::optional<QuicPacket> next_quic_packet(Reader& datagram) noexcept;

/// Whether Initial packets of this version can be opened.
[[nodiscard]] bool knows_quic_version(uint32_t version) noexcept;

/// Packets of Google's QUIC (Q0xx) that name their version, with a payload in clear up to Q046.
struct GoogleQuicPacket {
  uint32_t version = 0;
  Bytes payload;
};
[[nodiscard]] std::optional<GoogleQuicPacket> parse_google_quic(Bytes datagram) noexcept;

/// "1", "v2", "ff00001d", "Q046": as EVE writes it.
[[nodiscard]] std::string quic_version_text(uint32_t version);

/// A variable-length integer (RFC 9000 section 16).
uint64_t take_varint(Reader& in) noexcept;

}  // namespace pktana::app::secure
