// SPDX-License-Identifier: Apache-2.0
// Network service header, behind its EtherType 0x894F or in VXLAN-GPE.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class NshView {
  static constexpr size_t kWord = 0;  // version(2) O(1) U(1) TTL(6) length(6)
  static constexpr size_t kNextProtocol = 3;
  static constexpr size_t kPath = 4;
  static constexpr uint16_t kLenMask = 0x003F;

 public:
  static constexpr size_t kMinHeaderLen = 8;

  /// Base, service path and context headers (RFC 8300 section 2). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last captured one; may be cut at any byte.
  /// @return Truncated if the header is not all there; Malformed if its length is below 8;
  ///         Unsupported if the version is not 0.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<NshView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
    if (bytes[kWord] >> 6 != 0) return ParseError::Unsupported;
    const size_t len = size_t{4} * (base::load_be<uint16_t>(bytes.data() + kWord) & kLenMask);
    if (len < kMinHeaderLen) return ParseError::Malformed;
    if (bytes.size() < len) return ParseError::Truncated;
    return NshView(bytes.first(len));
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  /// One of the kNextProtocol values of parse/vxlan.h, or another.
  [[nodiscard]] uint8_t next_protocol() const noexcept { return bytes_[kNextProtocol]; }
  [[nodiscard]] uint32_t service_path() const noexcept {
    return base::load_be<uint32_t>(bytes_.data() + kPath) >> 8;
  }

 private:
  explicit NshView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
