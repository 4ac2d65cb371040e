// SPDX-License-Identifier: Apache-2.0
// PPP over Ethernet header.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class PppoeView {
  static constexpr size_t kVersionType = 0;
  static constexpr size_t kCode = 1;
  static constexpr size_t kSession = 2;
  static constexpr size_t kLen = 4;
  static constexpr uint8_t kVersion1Type1 = 0x11;

 public:
  static constexpr size_t kHeaderLen = 6;
  static constexpr uint8_t kCodeSession = 0;

  /// PPPoE header (RFC 2516 section 4). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last captured one of the frame; may be cut at any
  ///         byte.
  /// @return Truncated if the 6 bytes are not all there; Unsupported if version and type are not
  ///         both 1.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<PppoeView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    if (bytes[kVersionType] != kVersion1Type1) return ParseError::Unsupported;
    return PppoeView(bytes.data());
  }

  /// 0 in the session stage, else the kind of discovery packet.
  [[nodiscard]] uint8_t code() const noexcept { return p_[kCode]; }
  [[nodiscard]] uint16_t session() const noexcept { return base::load_be<uint16_t>(p_ + kSession); }
  /// Payload as sent, without this header.
  [[nodiscard]] uint32_t length_bytes() const noexcept {
    return base::load_be<uint16_t>(p_ + kLen);
  }

 private:
  explicit PppoeView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
