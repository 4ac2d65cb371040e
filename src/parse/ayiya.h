// SPDX-License-Identifier: Apache-2.0
// AYIYA (anything in anything): IPv6 in UDP behind an identity and a signature, as the tunnel
// brokers of SixXS had it.
#pragma once

#include "base/bytes.h"
#include "parse/ip_protocol.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class AyiyaView {
  static constexpr size_t kIdentity = 0;   // log2 of its length(4) type(4)
  static constexpr size_t kSignature = 1;  // length in words(4) hash(4)
  static constexpr size_t kOperation = 2;  // authentication(4) operation(4)
  static constexpr size_t kNextHeader = 3;
  static constexpr size_t kFixedLen = 8;  // with the time
  static constexpr uint8_t kForward = 1;

 public:
  /// AYIYA header (draft-massar-v6ops-ayiya-02 section 3).
  /// @param bytes first byte of the UDP payload to the last captured one; may be cut at any byte.
  /// @return Truncated if it is not all there; Unsupported if it does not carry an IP packet to
  ///         forward. The signature is not verified.
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<AyiyaView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kFixedLen) return ParseError::Truncated;
    const uint8_t next = bytes[kNextHeader];
    if ((bytes[kOperation] & 0x0F) != kForward || (next != kIpProtoIpv4 && next != kIpProtoIpv6))
      return ParseError::Unsupported;
    const size_t len =
        kFixedLen + (size_t{1} << (bytes[kIdentity] >> 4)) + size_t{4} * (bytes[kSignature] >> 4);
    if (bytes.size() < len) return ParseError::Truncated;
    return AyiyaView(len);
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return header_len_; }

 private:
  explicit AyiyaView(size_t header_len) noexcept : header_len_(header_len) {}
  size_t header_len_;
};

}  // namespace pktana::parse
