// SPDX-License-Identifier: Apache-2.0
// SNMP messages: v1 (RFC 1157), v2c (RFC 1901, 3416), v3 with the user-based security model
// (RFC 3412, 3414). Pure parsing.
#pragma once

#include <string_view>

#include "app/internet/snmp/ber.h"

namespace pktana::app::internet::snmp {

struct Message {
  unsigned version = 0;  ///< 1, 2 or 3
  std::string_view community;
  std::string_view user;      ///< v3
  bool is_encrypted = false;  ///< v3: nothing below is known
  uint8_t pdu_tag = 0;        ///< 0xa0..0xa8
  bool is_trap_v1 = false;    ///< and the next three are known
  int64_t generic_trap = 0;
  Bytes enterprise;
  Bytes agent_address;
  Bytes bindings;  ///< elements of the variable list, not looked at yet
};

/// False unless the datagram is one SNMP message, lengths and tags fitting each other.
/// Lifetime: the message borrows the bytes.
[[nodiscard]] bool parse_message(Bytes datagram, Message& message) noexcept;

/// "get_request"; empty for a tag that is none.
[[nodiscard]] std::string_view pdu_name(uint8_t tag) noexcept;
/// "LinkDown".
[[nodiscard]] std::string_view generic_trap_name(int64_t trap) noexcept;

}  // namespace pktana::app::internet::snmp
