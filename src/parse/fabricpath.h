// SPDX-License-Identifier: Apache-2.0
// Cisco FabricPath: the tag behind EtherType 0x8903 and the switches' own addresses. The Ethernet
// frame of the hosts follows it.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class FabricPathView {
  static constexpr size_t kTag = 0;  // forwarding tag(10) time to live(6)
  static constexpr unsigned kTtlBits = 6;

 public:
  static constexpr size_t kHeaderLen = 2;

  /// FabricPath tag (Cisco, "FabricPath header", no RFC).
  /// @param bytes from behind the EtherType on; may be cut at any byte.
  /// @return Truncated if the 2 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<FabricPathView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return FabricPathView(bytes.data());
  }

  /// Of the tree that the frame takes; the other direction may take another.
  [[nodiscard]] uint16_t forwarding_tag() const noexcept {
    return static_cast<uint16_t>(base::load_be<uint16_t>(p_ + kTag) >> kTtlBits);
  }

 private:
  explicit FabricPathView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
