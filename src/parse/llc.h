// SPDX-License-Identifier: Apache-2.0
// IEEE 802.2 LLC header. The SNAP header that may follow is parse/snap.h.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

inline constexpr uint8_t kSapIp = 0x06;
inline constexpr uint8_t kSapStp = 0x42;
inline constexpr uint8_t kSapSnap = 0xAA;

class LlcView {
  static constexpr size_t kDsap = 0;
  static constexpr size_t kSsap = 1;
  static constexpr size_t kControl = 2;
  static constexpr uint8_t kUnnumberedInformation = 0x03;

 public:
  static constexpr size_t kHeaderLen = 3;

  /// LLC header in unnumbered format (IEEE 802.2 section 3.2); the other formats have a fourth
  /// byte, left unread.
  /// @param bytes first byte of the header to the last captured one of the frame; may be cut at any
  ///         byte.
  /// @return Truncated if the 3 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<LlcView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return LlcView(bytes.data());
  }

  [[nodiscard]] uint8_t dsap() const noexcept { return p_[kDsap]; }
  [[nodiscard]] uint8_t ssap() const noexcept { return p_[kSsap]; }
  [[nodiscard]] bool is_unnumbered_information() const noexcept {
    return p_[kControl] == kUnnumberedInformation;
  }
  /// A SNAP header follows.
  [[nodiscard]] bool is_snap() const noexcept {
    return dsap() == kSapSnap && ssap() == kSapSnap && is_unnumbered_information();
  }

 private:
  explicit LlcView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
