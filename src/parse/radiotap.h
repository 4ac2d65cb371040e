// SPDX-License-Identifier: Apache-2.0
// Radiotap header in front of an 802.11 frame.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class RadiotapView {
  static constexpr size_t kVersion = 0;
  static constexpr size_t kLen = 2;
  static constexpr size_t kPresent = 4;
  static constexpr size_t kPresentLen = 4;
  static constexpr uint32_t kPresentTsft = 1U << 0;
  static constexpr uint32_t kPresentFlags = 1U << 1;
  static constexpr uint32_t kPresentMore = 1U << 31;
  static constexpr size_t kTsftLen = 8;
  static constexpr uint8_t kFlagDataPad = 0x20;

 public:
  static constexpr size_t kMinHeaderLen = 8;

  /// Radiotap header (radiotap.org), little-endian. Only its length and the padding flag are read.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the header is not all there; Malformed if its length is below 8;
  ///         Unsupported if the version is not 0.
  /// Lifetime: valid while `bytes` is. Cost: O(presence words).
  [[nodiscard]] static Result<RadiotapView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
    if (bytes[kVersion] != 0) return ParseError::Unsupported;
    const size_t len = base::load_le<uint16_t>(bytes.data() + kLen);
    if (len < kMinHeaderLen) return ParseError::Malformed;
    if (bytes.size() < len) return ParseError::Truncated;
    return RadiotapView(bytes.first(len));
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }

  /// Whether the 802.11 header is padded to a multiple of 4 bytes.
  [[nodiscard]] bool has_padding() const noexcept {
    const auto first = base::load_le<uint32_t>(bytes_.data() + kPresent);
    if ((first & kPresentFlags) == 0) return false;
    size_t at = kPresent + kPresentLen;
    for (uint32_t word = first; (word & kPresentMore) != 0; at += kPresentLen) {
      if (bytes_.size() < at + kPresentLen) return false;
      word = base::load_le<uint32_t>(bytes_.data() + at);
    }
    if ((first & kPresentTsft) != 0) at = ((at + kTsftLen - 1) & ~(kTsftLen - 1)) + kTsftLen;
    return at < bytes_.size() && (bytes_[at] & kFlagDataPad) != 0;
  }

 private:
  explicit RadiotapView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
