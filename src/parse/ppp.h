// SPDX-License-Identifier: Apache-2.0
// PPP: address and control bytes if they are there, and the protocol number.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

inline constexpr uint16_t kPppIpv4 = 0x0021;
inline constexpr uint16_t kPppIpv6 = 0x0057;
inline constexpr uint16_t kPppMpls = 0x0281;
inline constexpr uint16_t kPppMplsMulticast = 0x0283;
/// From here on: network control (8xxx) and link control (Cxxx) protocols.
inline constexpr uint16_t kPppFirstControl = 0x8000;

class PppView {
  static constexpr uint8_t kAllStations = 0xFF;
  static constexpr uint8_t kUnnumberedInformation = 0x03;

 public:
  /// PPP header (RFC 1661 section 2; framing of RFC 1662 section 3.1; compressed fields, RFC 1661
  /// sections 6.5 and 6.6).
  /// @param bytes first byte of the frame, flag bytes and escapes removed; may be cut at any byte.
  /// @return Truncated if the protocol field is not all there.
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<PppView> parse(base::Bytes bytes) noexcept {
    size_t at = 0;
    if (bytes.size() >= 2 && bytes[0] == kAllStations && bytes[1] == kUnnumberedInformation) at = 2;
    if (bytes.size() <= at) return ParseError::Truncated;
    if ((bytes[at] & 1) != 0) return PppView(bytes[at], at + 1);
    if (bytes.size() < at + 2) return ParseError::Truncated;
    return PppView(base::load_be<uint16_t>(bytes.data() + at), at + 2);
  }

  [[nodiscard]] uint16_t protocol() const noexcept { return protocol_; }
  [[nodiscard]] size_t header_len_bytes() const noexcept { return header_len_; }

 private:
  PppView(uint16_t protocol, size_t header_len) noexcept
      : protocol_(protocol), header_len_(static_cast<uint8_t>(header_len)) {}
  uint16_t protocol_;
  uint8_t header_len_;
};

}  // namespace pktana::parse
