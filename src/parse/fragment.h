// SPDX-License-Identifier: Apache-2.0
// What reassembly needs of an IP fragment: where its piece of the datagram lies, and the header
// that the whole datagram will have. Used by flow/reassembler; nothing is put together here.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "parse/packet.h"

namespace pktana::parse {

/// One fragment (RFC 791 section 3.2, RFC 8200 section 4.5). Lifetime: borrows from the packet.
struct FragmentParts {
  /// IPv4: the header with its options. IPv6: all before the fragment header.
  base::Bytes header;
  /// IPv6: where in `header` the number of the fragment header stands, and what replaces it.
  uint32_t next_header_at = 0;
  uint8_t next_header = 0;
  base::Bytes piece;       ///< captured bytes of the datagram's payload
  uint32_t piece_len = 0;  ///< the same as sent
  uint32_t offset = 0;     ///< of the piece, bytes
  uint32_t id = 0;
  bool more = false;  ///< not the last one
};

/// @param packet verdict Ip, fragment First or Later.
/// @return nothing if its headers say otherwise. Cost: O(extension headers), no allocation.
[[nodiscard]] std::optional<FragmentParts> fragment_parts(const Packet& packet) noexcept;

}  // namespace pktana::parse
