// SPDX-License-Identifier: Apache-2.0
// 802.1ah (provider backbone bridging) tag behind its EtherType 0x88E7. An Ethernet frame follows
// it.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class PbbView {
  static constexpr size_t kTag = 0;  // priority and flags(8) service id(24)
  static constexpr uint32_t kServiceMask = 0x00FFFFFF;

 public:
  static constexpr size_t kHeaderLen = 4;

  /// Service instance tag (IEEE 802.1Q clause 9.7), without the customer addresses, which are the
  /// frame's behind it.
  /// @param bytes from behind the EtherType on; may be cut at any byte.
  /// @return Truncated if the 4 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<PbbView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return PbbView(bytes.data());
  }

  [[nodiscard]] uint32_t service() const noexcept {
    return base::load_be<uint32_t>(p_ + kTag) & kServiceMask;
  }

 private:
  explicit PbbView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
