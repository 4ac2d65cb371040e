// SPDX-License-Identifier: Apache-2.0
// Fingerprints of hello messages: JA3 and JA3S (lists of numbers, and their MD5), JA4 of the
// client (FoxIO's description of the TLS client fingerprint), and versions in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/secure/tls/client_hello.h"
#include "app/secure/tls/server_hello.h"

namespace pktana::app::secure {

/// "771,4865-4866,0-23,29-23,0"; GREASE left out.
[[nodiscard]] std::string ja3_string(const ClientHello& hello);
/// "771,4865,51-43".
[[nodiscard]] std::string ja3s_string(const ServerHello& hello);
/// MD5 of a JA3 or JA3S string in hex.
[[nodiscard]] std::string ja3_hash(std::string_view ja3);

/// "t13d1516h2_8daaf6152771_e5627efa2ab1".
/// @param transport  't' TLS over TCP, 'd' DTLS, 'q' QUIC.
[[nodiscard]] std::string ja4_string(const ClientHello& hello, char transport);

/// "TLS 1.3", "TLSv1", "SSLv3", "DTLS 1.2", "TLS 1.3 draft-26-fb", "0x0a0b": as Suricata writes it
/// where it does.
[[nodiscard]] std::string version_text(uint16_t version);

}  // namespace pktana::app::secure
