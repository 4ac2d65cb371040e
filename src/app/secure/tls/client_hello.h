// SPDX-License-Identifier: Apache-2.0
// The ClientHello of TLS 1.0 to 1.3 and DTLS (RFC 8446 section 4.1.2, RFC 6347 section 4.2.1), as
// views into its bytes. Used for TLS, DTLS and QUIC.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "app/reader.h"

namespace pktana::app::secure {

/// Numbers of extensions that the dissectors look into.
enum Extension : uint16_t {
  kServerName = 0,
  kSupportedGroups = 10,
  kPointFormats = 11,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kSessionTicket = 35,
  kSupportedVersions = 43,
  kEncryptedClientHello = 0xFE0D,
};

/// Values that clients send to keep servers tolerant (RFC 8701).
[[nodiscard]] constexpr bool is_grease(uint16_t value) noexcept {
  return (value & 0x0F0F) == 0x0A0A && (value >> 8) == (value & 0xFF);
}

/// Lists are the raw bytes behind their length: two bytes a value, but for `compression` and
/// `point_formats` with one and `alpn` with a length before each name.
/// Lifetime: borrows the message's bytes.
struct ClientHello {
  uint16_t legacy_version = 0;
  Bytes session_id;
  Bytes ciphers;
  Bytes compression;
  Bytes extensions;  ///< all of them, to be walked with next_extension()
  bool has_server_name = false;
  Bytes server_name;
  Bytes alpn;
  Bytes groups;
  Bytes point_formats;
  Bytes signature_algorithms;
  Bytes supported_versions;
  bool offers_ticket = false;  ///< a session ticket that is not empty
  /// The extension encrypted_client_hello of the outer kind is there: server_name may be that of
  /// the provider only, or the client sends the extension to keep servers tolerant. Which of the
  /// two cannot be seen.
  bool has_ech = false;
};

/// @param body  the handshake message behind its four (DTLS: twelve) bytes of header.
/// @return nothing if a part of fixed place does not fit. An extension list that breaks off counts
///         up to there.
[[nodiscard]] std::optional<ClientHello> parse_client_hello(Bytes body, bool dtls) noexcept;

struct ExtensionView {
  uint16_t type;
  Bytes body;
};
/// False at the end of the list, and where it breaks off.
[[nodiscard]] bool next_extension(Reader& extensions, ExtensionView& extension) noexcept;

/// The names of an ALPN list one after the other.
[[nodiscard]] bool next_alpn(Reader& alpn, std::string_view& name) noexcept;

/// The highest number among the versions that the client offers, drafts included, GREASE not; or
/// its legacy version.
[[nodiscard]] uint16_t highest_version(const ClientHello& hello) noexcept;

}  // namespace pktana::app::secure
