// SPDX-License-Identifier: Apache-2.0
// ARP and RARP header, for counting by type. Addresses are not read.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

inline constexpr uint16_t kArpRequest = 1;
inline constexpr uint16_t kArpReply = 2;

class ArpView {
  static constexpr size_t kOperation = 6;

 public:
  static constexpr size_t kHeaderLen = 8;

  /// Fixed part of an ARP packet (RFC 826), up to the operation.
  /// @param bytes first byte of the packet to the last captured one; may be cut at any byte.
  /// @return Truncated if the 8 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<ArpView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return ArpView(bytes.data());
  }

  [[nodiscard]] uint16_t operation() const noexcept {
    return base::load_be<uint16_t>(p_ + kOperation);
  }

 private:
  explicit ArpView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
