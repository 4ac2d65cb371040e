// SPDX-License-Identifier: Apache-2.0
// UDP header.
#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class UdpView {
  static constexpr size_t kSrcPort = 0;
  static constexpr size_t kDstPort = 2;
  static constexpr size_t kLen = 4;

 public:
  static constexpr size_t kHeaderLen = 8;

  /// UDP header (RFC 768; length 0 = IPv6 jumbogram, RFC 2675 section 4: payload runs to the end).
  /// View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last *captured* byte of the IP payload; may be
  ///         cut at any byte.
  /// @return Truncated if the 8 header bytes are not all there; Malformed if length is 1..7. A cut
  ///         payload is fine: payload() is what was captured, length_bytes() what was sent. Wire is
  ///         big-endian, accessors return host order.
  /// Lifetime: valid while `bytes` is. Threads: const, shareable. Cost: O(1), no allocation. The
  /// checksum is not verified.
  [[nodiscard]] static Result<UdpView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) [[unlikely]]
      return ParseError::Truncated;
    const UdpView udp(bytes);
    if (udp.length_bytes() < kHeaderLen && udp.length_bytes() != 0) [[unlikely]]
      return ParseError::Malformed;
    return udp;
  }

  [[nodiscard]] uint16_t src_port() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kSrcPort);
  }
  [[nodiscard]] uint16_t dst_port() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kDstPort);
  }
  /// Header and payload as sent; 0 = to the end of the IP payload.
  [[nodiscard]] uint32_t length_bytes() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kLen);
  }
  [[nodiscard]] base::Bytes payload() const noexcept {
    const size_t end =
        length_bytes() == 0 ? bytes_.size() : std::min<size_t>(bytes_.size(), length_bytes());
    return bytes_.subspan(kHeaderLen, end - kHeaderLen);
  }

 private:
  explicit UdpView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;
};

}  // namespace pktana::parse
