// SPDX-License-Identifier: Apache-2.0
// Elements of BER (X.690) as SNMP uses it: definite lengths, one-byte tags. Pure parsing.
#pragma once

#include "app/internet/reader.h"
#include "app/internet/text.h"

namespace pktana::app::internet::snmp {

struct Element {
  uint8_t tag = 0;
  Bytes data;
};

enum Tag : uint8_t {
  Integer = 0x02,
  OctetString = 0x04,
  ObjectId = 0x06,
  Sequence = 0x30,
  IpAddress = 0x40,
};

/// The next element of `reader`. False if it is not all there, or its length is indefinite or has
/// more than four bytes.
[[nodiscard]] bool read_element(Reader& reader, Element& element) noexcept;

/// The next element if it has this tag.
[[nodiscard]] bool read_tagged(Reader& reader, uint8_t tag, Bytes& data) noexcept;

/// The next element as a number of at most four bytes.
[[nodiscard]] bool read_integer(Reader& reader, int64_t& value) noexcept;

using ObjectIdText = FixedText<512>;

/// "1.3.6.1.2.1"; empty if malformed.
[[nodiscard]] ObjectIdText object_id_text(Bytes data) noexcept;

}  // namespace pktana::app::internet::snmp
