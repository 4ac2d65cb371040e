// SPDX-License-Identifier: Apache-2.0
// MACsec security tag behind its EtherType 0x88E5.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class MacsecView {
  static constexpr size_t kTci = 0;
  static constexpr uint8_t kVersion = 0x80;
  static constexpr uint8_t kHasSci = 0x20;
  static constexpr uint8_t kEncryptedOrChanged = 0x0C;
  static constexpr size_t kSciLen = 8;

 public:
  static constexpr size_t kMinHeaderLen = 6;

  /// Security tag (IEEE 802.1AE clause 9.3): control bits, short length, packet number, and the
  /// channel id if the bits say so.
  /// @param bytes from behind the EtherType on; may be cut at any byte.
  /// @return Truncated if the tag is not all there; Unsupported if the version is not 0.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<MacsecView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
    if ((bytes[kTci] & kVersion) != 0) return ParseError::Unsupported;
    const size_t len = kMinHeaderLen + ((bytes[kTci] & kHasSci) != 0 ? kSciLen : 0);
    if (bytes.size() < len) return ParseError::Truncated;
    return MacsecView(bytes.first(len));
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  /// Integrity protection only: an EtherType follows the tag, in clear.
  [[nodiscard]] bool is_clear() const noexcept { return (bytes_[kTci] & kEncryptedOrChanged) == 0; }

 private:
  explicit MacsecView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the tag, whole
};

}  // namespace pktana::parse
