// SPDX-License-Identifier: Apache-2.0
// Teredo: IPv6 in UDP, with two optional headers in front.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class TeredoView {
  static constexpr uint16_t kOrigin = 0x0000;
  static constexpr size_t kOriginLen = 8;
  static constexpr uint16_t kAuthentication = 0x0001;
  static constexpr size_t kIdLen = 2;
  static constexpr size_t kAuthLen = 3;
  static constexpr size_t kAuthenticationFixedLen = 13;  // type, two lengths, nonce, confirmation

 public:
  /// Authentication and origin indication (RFC 4380 section 5.1.1), if they are there, in this
  /// order.
  /// @param bytes first byte of the UDP payload to the last captured one; may be cut at any byte.
  /// @return Truncated if they are not all there.
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<TeredoView> parse(base::Bytes bytes) noexcept {
    size_t len = 0;
    if (bytes.size() < 4) return ParseError::Truncated;
    if (base::load_be<uint16_t>(bytes.data()) == kAuthentication)
      len = kAuthenticationFixedLen + bytes[kIdLen] + bytes[kAuthLen];
    if (bytes.size() < len + 2) return ParseError::Truncated;
    if (base::load_be<uint16_t>(bytes.data() + len) == kOrigin) len += kOriginLen;
    if (bytes.size() < len) return ParseError::Truncated;
    return TeredoView(len);
  }

  /// 0 if the IPv6 packet comes first.
  [[nodiscard]] size_t header_len_bytes() const noexcept { return header_len_; }

 private:
  explicit TeredoView(size_t header_len) noexcept : header_len_(header_len) {}
  size_t header_len_;
};

}  // namespace pktana::parse
