// SPDX-License-Identifier: Apache-2.0
// One VLAN tag behind its TPID: 802.1Q, 802.1ad and the older 0x9100.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

inline constexpr uint16_t kVlanIdMask = 0x0FFF;

class VlanView {
  static constexpr size_t kTci = 0;
  static constexpr size_t kType = 2;

 public:
  static constexpr size_t kHeaderLen = 4;

  /// Tag control information and the type that follows it (IEEE 802.1Q clause 9.6).
  /// @param bytes from behind the TPID on; may be cut at any byte.
  /// @return Truncated if the 4 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<VlanView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) [[unlikely]]
      return ParseError::Truncated;
    return VlanView(bytes.data());
  }

  [[nodiscard]] uint16_t id() const noexcept { return tci() & kVlanIdMask; }
  [[nodiscard]] uint16_t tci() const noexcept { return base::load_be<uint16_t>(p_ + kTci); }
  [[nodiscard]] uint16_t type() const noexcept { return base::load_be<uint16_t>(p_ + kType); }

 private:
  explicit VlanView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
