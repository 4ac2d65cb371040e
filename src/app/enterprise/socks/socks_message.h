// SPDX-License-Identifier: Apache-2.0
// Messages of SOCKS 4, 4a and 5 (RFC 1928, RFC 1929): how long each is. Pure; used by the SOCKS
// dissector.
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/dissector.h"

namespace pktana::app::enterprise {

inline constexpr uint8_t kSocks4 = 4;
inline constexpr uint8_t kSocks5 = 5;

/// What is known of a message at the beginning of a direction's bytes.
struct SocksMessage {
  enum class State : uint8_t { Incomplete, Whole, Malformed };
  State state = State::Malformed;
  size_t len = 0;    ///< Whole: its bytes
  uint8_t code = 0;  ///< Whole: the method chosen, or the status of the reply; 0 = as asked (5)
};

/// CONNECT or BIND of SOCKS 4: version, command, port, address, user, 0; 4a: host name, 0.
[[nodiscard]] SocksMessage parse_socks4_request(Bytes bytes) noexcept;
/// Eight bytes: 0, status 90 to 93, port, address. `code` is 0 for 90 (granted).
[[nodiscard]] SocksMessage parse_socks4_reply(Bytes bytes) noexcept;
/// Version 5, number of methods, methods.
[[nodiscard]] SocksMessage parse_socks5_greeting(Bytes bytes) noexcept;
/// Version 5, method.
[[nodiscard]] SocksMessage parse_socks5_choice(Bytes bytes) noexcept;
/// User name and password (RFC 1929): version 1, length, name, length, password.
[[nodiscard]] SocksMessage parse_socks5_login(Bytes bytes) noexcept;
/// Version 1, status.
[[nodiscard]] SocksMessage parse_socks5_login_reply(Bytes bytes) noexcept;
/// Request or reply: version 5, command or status, 0, address type, address, port.
[[nodiscard]] SocksMessage parse_socks5_address(Bytes bytes) noexcept;

}  // namespace pktana::app::enterprise
