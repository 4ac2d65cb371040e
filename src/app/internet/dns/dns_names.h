// SPDX-License-Identifier: Apache-2.0
// Mnemonics of the DNS registries (IANA dns-parameters), as EVE writes them.
#pragma once

#include <string_view>

#include "app/internet/text.h"

namespace pktana::app::internet::dns {

enum RrType : uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Null = 10,
  Ptr = 12,
  Mx = 15,
  Txt = 16,
  Aaaa = 28,
  NimLoc = 32,  ///< NB in NetBIOS name service
  Srv = 33,
  Opt = 41,
  Sshfp = 44,
  Svcb = 64,
  Https = 65,
  Caa = 257,
};

using CodeText = FixedText<16>;

/// "AAAA"; the number where there is no mnemonic.
[[nodiscard]] CodeText type_text(uint16_t type) noexcept;
/// Whether a mnemonic is known.
[[nodiscard]] bool is_known_type(uint16_t type) noexcept;
/// "NXDOMAIN"; the number where there is no mnemonic.
[[nodiscard]] CodeText rcode_text(unsigned rcode) noexcept;

}  // namespace pktana::app::internet::dns
