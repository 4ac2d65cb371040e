// SPDX-License-Identifier: Apache-2.0
// Lines of FTP's control connection (RFC 959, RFC 2428): commands, and the ports that commands and
// replies name for data. Pure parsing.
#pragma once

#include <string_view>

#include "app/internet/text.h"

namespace pktana::app::internet::ftp {

struct Command {
  std::string_view name;
  std::string_view data;
};

/// The word in front, and what follows its blank.
[[nodiscard]] Command parse_command(std::string_view line) noexcept;
/// A command of RFC 959 and its extensions, whatever the case.
[[nodiscard]] bool is_known_command(std::string_view name) noexcept;

/// One whose answer comes on a data connection; upper case.
[[nodiscard]] bool is_transfer_command(std::string_view name) noexcept;

/// One that clients begin with, and that SMTP does not have in that place.
[[nodiscard]] bool is_opening_command(std::string_view name) noexcept;

/// Port of "h1,h2,h3,h4,p1,p2" anywhere in the text (PORT, the reply to PASV); 0 if there is none.
[[nodiscard]] uint16_t port_of_list(std::string_view text) noexcept;
/// Port of "|1|192.0.2.1|1025|" or "(|||1025|)" (EPRT, the reply to EPSV); 0 if there is none.
[[nodiscard]] uint16_t port_of_extended(std::string_view text) noexcept;

}  // namespace pktana::app::internet::ftp
