// SPDX-License-Identifier: Apache-2.0
// What SNMP makes of the elements of BER (app/ber.h).
#pragma once

#include "app/ber.h"
#include "app/internet/text.h"

namespace pktana::app::internet::snmp {

enum Tag : uint8_t {
  Integer = 0x02,
  OctetString = 0x04,
  ObjectId = 0x06,
  Sequence = 0x30,
  IpAddress = 0x40,
};

/// The next element, which must have this tag. What was read stays read.
[[nodiscard]] bool read_tagged(Reader& reader, uint8_t tag, Bytes& data) noexcept;

/// The next element as a number of at most four bytes.
[[nodiscard]] bool read_integer(Reader& reader, int64_t& value) noexcept;

using ObjectIdText = FixedText<512>;

/// "1.3.6.1.2.1"; empty if malformed.
[[nodiscard]] ObjectIdText object_id_text(Bytes data) noexcept;

}  // namespace pktana::app::internet::snmp
