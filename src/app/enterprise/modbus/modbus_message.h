// SPDX-License-Identifier: Apache-2.0
// Modbus/TCP messages (Modbus application protocol 1.1b3, Modbus over TCP 1.0b) and what EVE says
// of them. Pure apart from the event.
#pragma once

#include <optional>

#include "app/dissector.h"

namespace pktana::app::enterprise {

struct ModbusMessage {
  uint16_t transaction_id = 0;
  uint16_t protocol_id = 0;
  uint8_t unit_id = 0;
  uint8_t function = 0;  ///< with the bit of an exception
  Bytes data;            ///< behind the function

  [[nodiscard]] uint8_t code() const noexcept { return function & 0x7f; }
  [[nodiscard]] bool is_exception() const noexcept { return (function & 0x80) != 0; }
};

inline constexpr size_t kModbusHeader = 6;  ///< transaction, protocol, length
/// Length of the message that begins here, its header included; 0 if none can: another protocol's
/// number, or a length that is not allowed.
/// @param bytes  kModbusHeader of them at least.
[[nodiscard]] size_t modbus_length(Bytes bytes) noexcept;

/// @param bytes  one message of modbus_length().
/// Lifetime: borrowed from `bytes`.
[[nodiscard]] ModbusMessage parse_modbus(Bytes bytes) noexcept;

enum class ModbusSide : uint8_t { Request, Response };

/// Writes what EVE has in `request` and `response`. What a request writes to several registers or
/// bits stands in `data`, as the published schema knows one number only in `write.data`.
void show_modbus(Fields& out, const ModbusMessage& message, ModbusSide side) noexcept;

}  // namespace pktana::app::enterprise
