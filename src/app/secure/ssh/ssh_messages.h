// SPDX-License-Identifier: Apache-2.0
// What SSH says in clear: the identification string (RFC 4253 section 4.2) and the KEXINIT message
// (section 7.1), of which HASSH is made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::secure {

inline constexpr size_t kMaxSshLine = 1024;  ///< RFC 4253 allows 255 for the identification

/// "SSH-2.0-OpenSSH_8.9p1 Ubuntu-3" without the end of its line. Lifetime: borrows the line.
struct SshBanner {
  std::string_view protocol;  ///< "2.0"
  std::string_view software;  ///< "OpenSSH_8.9p1"
};
[[nodiscard]] std::optional<SshBanner> parse_ssh_banner(std::string_view line) noexcept;

/// Whether the peer with this protocol version sends KEXINIT: 2.0 and 1.99.
[[nodiscard]] bool speaks_ssh2(std::string_view protocol) noexcept;

struct SshPacket {
  size_t bytes = 0;  ///< whole, on the wire
  uint8_t type = 0;
  Bytes body;  ///< behind the type, without padding; empty unless all of it is there
  bool whole = false;
};
/// An unencrypted packet. Nothing: `bytes` does not begin with one, or has less than six bytes of
/// it.
[[nodiscard]] std::optional<SshPacket> parse_ssh_packet(Bytes bytes) noexcept;

inline constexpr uint8_t kSshKexInit = 20;
inline constexpr size_t kMaxSshPacket = 35000;  ///< RFC 4253 section 6.1

/// HASSH of the client, HASSHServer of the server: "kex;encryption;mac;compression" of the sender's
/// direction. Empty if the body is no KEXINIT.
[[nodiscard]] std::string hassh_string(Bytes kexinit, bool server);

}  // namespace pktana::app::secure
