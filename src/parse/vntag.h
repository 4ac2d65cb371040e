// SPDX-License-Identifier: Apache-2.0
// Cisco VN-Tag behind its EtherType 0x8926.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class VnTagView {
  static constexpr size_t kTag = 0;  // D(1) P(1) destination(14) L(1) R(1) version(2) source(12)
  static constexpr size_t kType = 4;
  static constexpr unsigned kDstShift = 16;
  static constexpr uint32_t kDstMask = 0x3FFF;
  static constexpr uint32_t kSrcMask = 0x0FFF;

 public:
  static constexpr size_t kHeaderLen = 6;

  /// VN-Tag and the EtherType that follows it.
  /// @param bytes from behind the EtherType on; may be cut at any byte.
  /// @return Truncated if the 6 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<VnTagView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return VnTagView(bytes.data());
  }

  [[nodiscard]] uint32_t dst_interface() const noexcept { return tag() >> kDstShift & kDstMask; }
  [[nodiscard]] uint32_t src_interface() const noexcept { return tag() & kSrcMask; }
  [[nodiscard]] uint16_t type() const noexcept { return base::load_be<uint16_t>(p_ + kType); }

 private:
  explicit VnTagView(const uint8_t* p) noexcept : p_(p) {}
  [[nodiscard]] uint32_t tag() const noexcept { return base::load_be<uint32_t>(p_ + kTag); }
  const uint8_t* p_;
};

}  // namespace pktana::parse
