// SPDX-License-Identifier: Apache-2.0
// The ServerHello of TLS 1.0 to 1.3 and DTLS (RFC 8446 section 4.1.3), and the HelloRetryRequest
// that has its shape.
#pragma once

#include <cstdint>
#include <optional>

#include "app/reader.h"

namespace pktana::app::secure {

/// Lifetime: borrows the message's bytes.
struct ServerHello {
  uint16_t legacy_version = 0;
  uint16_t version = 0;  ///< the one agreed on
  Bytes session_id;
  uint16_t cipher = 0;
  Bytes extensions;    ///< all of them, to be walked with next_extension()
  Bytes alpn;          ///< the name chosen, empty in TLS 1.3, where it is encrypted
  bool retry = false;  ///< HelloRetryRequest
};

/// @param body  the handshake message behind its header.
/// @return nothing if a part of fixed place does not fit.
[[nodiscard]] std::optional<ServerHello> parse_server_hello(Bytes body) noexcept;

}  // namespace pktana::app::secure
