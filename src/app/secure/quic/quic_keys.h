// SPDX-License-Identifier: Apache-2.0
// The keys of QUIC's Initial packets, which follow from what is in clear (RFC 9001 section 5.2, RFC
// 9369 section 3.3), and the opening of such packets by OpenSSL. Contexts live as long as their
// thread; opening a packet allocates nothing.
#pragma once

#include <array>
#include <cstdint>

#include "app/secure/quic/quic_packet.h"

namespace pktana::app::secure {

using QuicSalt = std::array<uint8_t, 20>;
/// Null: no version whose Initial packets can be opened.
[[nodiscard]] const QuicSalt* quic_salt(uint32_t version) noexcept;

/// Of one sender.
struct QuicKeys {
  std::array<uint8_t, 16> key{};
  std::array<uint8_t, 12> iv{};
  std::array<uint8_t, 16> header_key{};
};
struct QuicInitialKeys {
  QuicKeys client;
  QuicKeys server;
};

/// @param client_id  the destination id of the client's first packet, or of its first one behind a
///                   Retry.
/// False if OpenSSL refuses, or the version has no salt.
[[nodiscard]] bool derive_initial_keys(uint32_t version, Bytes client_id,
                                       QuicInitialKeys& keys) noexcept;

/// What an Initial packet carries; empty if the keys are not its sender's: the tag is checked.
/// Lifetime: until this thread's next call.
[[nodiscard]] Bytes open_initial(const QuicPacket& packet, const QuicKeys& keys);

}  // namespace pktana::app::secure
