// SPDX-License-Identifier: Apache-2.0
// Tables of fields: each protocol's header as data, read by Layer::fields().
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pktana::inspect {

struct Name {
  uint32_t value;
  std::string_view name;
};
using Names = std::span<const Name>;

/// The name of a value; empty if it has none.
[[nodiscard]] constexpr std::string_view name_of(Names names, uint64_t value) noexcept {
  for (const Name& one : names)
    if (one.value == value) return one.name;
  return {};
}

enum class Show : uint8_t {
  Number,
  Hex,
  Flag,    ///< a bit: shown below the field in front of it, which lists those that are set
  Mac,     ///< 6 bytes
  Ipv4,    ///< 4 bytes
  Ipv6,    ///< 16 bytes
  Octets,  ///< hex without a number
  Port,    ///< 2 bytes, with the service of that name as a hint
  EtherType,
  IpProtocol,
  Words,   ///< a length in 4 bytes each
  Eights,  ///< a length or offset in 8 bytes each
  Dscp,
};

/// One field. Numbers are big-endian, of 1 to 8 bytes.
struct Field {
  std::string_view name;
  uint16_t offset = 0;  ///< from where the table begins
  uint16_t length = 1;
  Show show = Show::Number;
  uint64_t mask = 0;  ///< bits of the field within these bytes; 0 = all
  Names names = {};
};

using Fields = std::span<const Field>;

}  // namespace pktana::inspect
