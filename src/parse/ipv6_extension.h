// SPDX-License-Identifier: Apache-2.0
// IPv6 extension headers, one at a time: hop-by-hop, routing, destination options, fragment,
// authentication, mobility, HIP and shim6. decode() walks the chain. The authentication header may
// follow an IPv4 header too.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "parse/ip_protocol.h"
#include "parse/parse_error.h"

namespace pktana::parse {

/// Whether `protocol` is an extension header (RFC 7045 section 4). ESP is none here: what follows
/// it can't be read.
[[nodiscard]] constexpr bool is_ipv6_extension(uint8_t protocol) noexcept {
  switch (protocol) {
    case kIpProtoHopByHop:
    case kIpProtoRouting:
    case kIpProtoFragment:
    case kIpProtoAh:
    case kIpProtoDestOptions:
    case kIpProtoMobility:
    case kIpProtoHip:
    case kIpProtoShim6:
      return true;
    default:
      return false;
  }
}

class Ipv6ExtensionView {
  static constexpr size_t kNextHeader = 0;
  static constexpr size_t kLen = 1;
  static constexpr size_t kFragmentWord = 2;
  static constexpr size_t kFragmentId = 4;
  static constexpr uint16_t kMoreFragments = 0x0001;
  static constexpr uint16_t kOffsetMask = 0xFFF8;

 public:
  static constexpr size_t kMinLen = 8;

  /// One extension header (RFC 8200 section 4; AH: RFC 4302 section 2).
  /// @param type its number, one that is_ipv6_extension() accepts.
  /// @param bytes first byte of it to the last *captured* one of the packet; may be cut at any
  ///         byte.
  /// @return Truncated if it is not all there. An AH shorter than its fixed 12 bytes is Malformed.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<Ipv6ExtensionView> parse(uint8_t type, base::Bytes bytes) noexcept;

  [[nodiscard]] uint8_t next_header() const noexcept { return bytes_[kNextHeader]; }
  [[nodiscard]] size_t length_bytes() const noexcept { return bytes_.size(); }

  /// Fragment header only (RFC 8200 section 4.5).
  [[nodiscard]] bool more_fragments() const noexcept {
    return (fragment_word() & kMoreFragments) != 0;
  }
  [[nodiscard]] uint32_t fragment_offset_bytes() const noexcept {
    return fragment_word() & kOffsetMask;
  }
  [[nodiscard]] uint32_t fragment_id() const noexcept {
    return base::load_be<uint32_t>(bytes_.data() + kFragmentId);
  }

  /// Hop-by-hop header only: the jumbo payload option (RFC 2675 section 2), bytes behind the IPv6
  /// header.
  [[nodiscard]] std::optional<uint32_t> jumbo_len_bytes() const noexcept;

 private:
  explicit Ipv6ExtensionView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  [[nodiscard]] uint16_t fragment_word() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kFragmentWord);
  }
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
