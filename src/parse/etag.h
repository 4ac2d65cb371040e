// SPDX-License-Identifier: Apache-2.0
// 802.1BR E-Tag behind its EtherType 0x893F.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class ETagView {
  static constexpr size_t kChannel = 2;  // reserved(2) group(2) E-CID base(12)
  static constexpr size_t kType = 6;
  static constexpr uint16_t kChannelMask = 0x3FFF;

 public:
  static constexpr size_t kHeaderLen = 8;

  /// E-Tag and the EtherType that follows it (IEEE 802.1BR clause 7.5).
  /// @param bytes from behind the EtherType on; may be cut at any byte.
  /// @return Truncated if the 8 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<ETagView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return ETagView(bytes.data());
  }

  /// Group and E-channel id without their extension.
  [[nodiscard]] uint16_t channel() const noexcept {
    return base::load_be<uint16_t>(p_ + kChannel) & kChannelMask;
  }
  [[nodiscard]] uint16_t type() const noexcept { return base::load_be<uint16_t>(p_ + kType); }

 private:
  explicit ETagView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
