// SPDX-License-Identifier: Apache-2.0
// IPv4 header.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class Ipv4View {
  static constexpr size_t kVersionIhl = 0;
  static constexpr size_t kTos = 1;
  static constexpr size_t kTotalLen = 2;
  static constexpr size_t kId = 4;
  static constexpr size_t kFragment = 6;
  static constexpr size_t kTtl = 8;
  static constexpr size_t kProtocol = 9;
  static constexpr size_t kSrc = 12;
  static constexpr size_t kDst = 16;
  static constexpr uint16_t kMoreFragments = 0x2000;
  static constexpr uint16_t kOffsetMask = 0x1FFF;

 public:
  static constexpr size_t kMinHeaderLen = 20;

  /// IPv4 header with options (RFC 791). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last *captured* one of the layer; may be cut at
  ///         any byte.
  /// @return Truncated if the header with its options is not all there; Malformed if the version is
  ///         not 4, the header length below 20, or the total length below the header length. A
  ///         total length of 0 is fine (segmentation offload, BIG TCP: the packet ends with the
  ///         frame), and so is one beyond the frame.
  /// Lifetime: valid while `bytes` is. Threads: const, shareable. Cost: O(1). The checksum is not
  /// verified.
  [[nodiscard]] static Result<Ipv4View> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) [[unlikely]]
      return ParseError::Truncated;
    const uint8_t* const p = bytes.data();
    const uint32_t header_len = (p[kVersionIhl] & 0x0FU) * 4;
    const uint32_t total_len = base::load_be<uint16_t>(p + kTotalLen);
    if (p[kVersionIhl] >> 4 != 4 || header_len < kMinHeaderLen) [[unlikely]]
      return ParseError::Malformed;
    if (total_len < header_len && total_len != 0) [[unlikely]]
      return ParseError::Malformed;
    if (bytes.size() < header_len) [[unlikely]]
      return ParseError::Truncated;
    return Ipv4View(p, header_len, total_len);
  }

  [[nodiscard]] uint32_t header_len_bytes() const noexcept { return header_len_; }
  [[nodiscard]] uint8_t tos() const noexcept { return p_[kTos]; }
  /// As in the header: 0 = not said.
  [[nodiscard]] uint32_t total_len_bytes() const noexcept { return total_len_; }
  [[nodiscard]] uint16_t id() const noexcept { return base::load_be<uint16_t>(p_ + kId); }
  [[nodiscard]] bool is_fragment() const noexcept {
    return (fragment_word() & (kMoreFragments | kOffsetMask)) != 0;
  }
  [[nodiscard]] bool more_fragments() const noexcept {
    return (fragment_word() & kMoreFragments) != 0;
  }
  [[nodiscard]] uint32_t fragment_offset_bytes() const noexcept {
    return (fragment_word() & uint32_t{kOffsetMask}) * 8;
  }
  [[nodiscard]] uint8_t ttl() const noexcept { return p_[kTtl]; }
  [[nodiscard]] uint8_t protocol() const noexcept { return p_[kProtocol]; }
  [[nodiscard]] const uint8_t* src() const noexcept { return p_ + kSrc; }  ///< 4 bytes
  [[nodiscard]] const uint8_t* dst() const noexcept { return p_ + kDst; }  ///< 4 bytes

 private:
  Ipv4View(const uint8_t* p, uint32_t header_len, uint32_t total_len) noexcept
      : p_(p), header_len_(header_len), total_len_(total_len) {}
  [[nodiscard]] uint16_t fragment_word() const noexcept {
    return base::load_be<uint16_t>(p_ + kFragment);
  }
  const uint8_t* p_;
  // Kept: behind stores to the packet these two would be loaded again.
  uint32_t header_len_;
  uint32_t total_len_;
};

}  // namespace pktana::parse
