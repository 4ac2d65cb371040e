// SPDX-License-Identifier: Apache-2.0
// Values as text: addresses, bytes in hex, payload made safe to print.
#pragma once

#include <string>

#include "base/bytes.h"

namespace pktana::inspect {

[[nodiscard]] std::string mac_text(base::Bytes bytes);   ///< "02:00:00:00:00:01", any length
[[nodiscard]] std::string ipv4_text(base::Bytes bytes);  ///< "10.0.0.1"; hex if not 4 bytes
[[nodiscard]] std::string ipv6_text(base::Bytes bytes);  ///< RFC 5952; hex if not 16 bytes
[[nodiscard]] std::string hex_text(base::Bytes bytes);   ///< "0a0b0c"
/// Printable ASCII as it is, everything else as '.'.
[[nodiscard]] std::string printable_octets(base::Bytes bytes);

}  // namespace pktana::inspect
