// SPDX-License-Identifier: Apache-2.0
// IPv6 fixed header. The extension headers behind it are parse/ipv6_extension.h.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class Ipv6View {
  static constexpr size_t kVersionClass = 0;
  static constexpr size_t kPayloadLen = 4;
  static constexpr size_t kNextHeader = 6;
  static constexpr size_t kHopLimit = 7;
  static constexpr size_t kSrc = 8;
  static constexpr size_t kDst = 24;

 public:
  static constexpr size_t kHeaderLen = 40;

  /// IPv6 header (RFC 8200 section 3). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last *captured* one of the layer; may be cut at
  ///         any byte.
  /// @return Truncated if the 40 bytes are not all there; Malformed if the version is not 6.
  /// Lifetime: valid while `bytes` is. Threads: const, shareable. Cost: O(1).
  [[nodiscard]] static Result<Ipv6View> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) [[unlikely]]
      return ParseError::Truncated;
    if (bytes[kVersionClass] >> 4 != 6) [[unlikely]]
      return ParseError::Malformed;
    return Ipv6View(bytes.data());
  }

  [[nodiscard]] uint8_t traffic_class() const noexcept {
    return static_cast<uint8_t>(base::load_be<uint16_t>(p_ + kVersionClass) >> 4);
  }
  [[nodiscard]] uint32_t flow_label() const noexcept {
    return base::load_be<uint32_t>(p_ + kVersionClass) & 0x000FFFFFU;
  }
  /// Bytes behind this header, extension headers included. 0 = none, or said by a jumbo option (RFC
  /// 2675).
  [[nodiscard]] uint32_t payload_len_bytes() const noexcept {
    return base::load_be<uint16_t>(p_ + kPayloadLen);
  }
  [[nodiscard]] uint8_t next_header() const noexcept { return p_[kNextHeader]; }
  [[nodiscard]] uint8_t hop_limit() const noexcept { return p_[kHopLimit]; }
  [[nodiscard]] const uint8_t* src() const noexcept { return p_ + kSrc; }  ///< 16 bytes
  [[nodiscard]] const uint8_t* dst() const noexcept { return p_ + kDst; }  ///< 16 bytes

 private:
  explicit Ipv6View(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
