// SPDX-License-Identifier: Apache-2.0
// The client hello of Google's own QUIC handshake ("QUIC Crypto", versions up to Q050): tags of
// four letters with a value each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::secure {

/// Lifetime: the views borrow the bytes.
struct GoogleHello {
  std::string_view server_name;
  std::string_view user_agent;
  std::string tags;  ///< "PAD-SNI-STK", in their order
};

/// @param bytes  the hello may begin at one of the first bytes, behind what of the packet is not
///               looked into.
[[nodiscard]] std::optional<GoogleHello> find_google_hello(Bytes bytes);

}  // namespace pktana::app::secure
