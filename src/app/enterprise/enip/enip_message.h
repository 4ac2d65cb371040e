// SPDX-License-Identifier: Apache-2.0
// EtherNet/IP encapsulation (CIP Networks Library volume 2, chapter 2): the header, and what EVE
// says of each command. Pure apart from the event.
#pragma once

#include "app/dissector.h"
#include "app/enterprise/enip/cip.h"

namespace pktana::app::enterprise {

enum class EnipCommand : uint16_t {
  Nop = 0,
  ListServices = 4,
  ListIdentity = 0x63,
  ListInterfaces = 0x64,
  RegisterSession = 0x65,
  UnregisterSession = 0x66,
  SendRRData = 0x6f,
  SendUnitData = 0x70,
  IndicateStatus = 0x72,
  Cancel = 0x73,
};

inline constexpr size_t kEnipHeader = 24;

struct EnipMessage {
  uint16_t command = 0;
  uint32_t status = 0;
  uint64_t context = 0;
  Bytes body;

  [[nodiscard]] bool is(EnipCommand one) const noexcept {
    return command == static_cast<uint16_t>(one);
  }
};

/// Length of the message that begins here; 0 if none can: an unknown command or status, options.
/// @param bytes  kEnipHeader of them at least.
[[nodiscard]] size_t enip_length(Bytes bytes) noexcept;

/// @param bytes  one message of enip_length(), or the first part of it.
/// Lifetime: borrowed from `bytes`.
[[nodiscard]] EnipMessage parse_enip(Bytes bytes) noexcept;

/// What a response repeats: the sender's context, and the sequence count of connected data.
[[nodiscard]] uint64_t enip_ticket(const EnipMessage& message) noexcept;

void show_enip(Fields& out, const EnipMessage& message, CipSide side) noexcept;

}  // namespace pktana::app::enterprise
