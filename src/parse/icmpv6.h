// SPDX-License-Identifier: Apache-2.0
// ICMPv6 header. What an error message quotes is payload here.
#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class Icmpv6View {
  static constexpr size_t kType = 0;
  static constexpr size_t kCode = 1;
  static constexpr size_t kId = 4;

 public:
  static constexpr size_t kMinHeaderLen = 4;
  static constexpr size_t kHeaderLen = 8;

  /// ICMPv6 header (RFC 4443 section 2.1): type, code, checksum; then 4 bytes whose meaning depends
  /// on the type. View, no copy.
  /// @param bytes first byte of the header to the last *captured* byte of the IP payload; may be
  ///         cut at any byte.
  /// @return Truncated if the first 4 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1). The checksum is not verified.
  [[nodiscard]] static Result<Icmpv6View> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
    return Icmpv6View(bytes);
  }

  [[nodiscard]] uint8_t type() const noexcept { return bytes_[kType]; }
  [[nodiscard]] uint8_t code() const noexcept { return bytes_[kCode]; }
  /// Echo (RFC 4443), home agent discovery and prefix solicitation (RFC 6275), extended echo (RFC
  /// 8335).
  [[nodiscard]] bool has_id() const noexcept {
    const uint8_t t = type();
    return t == 128 || t == 129 || (t >= 144 && t <= 147) || t == 160 || t == 161;
  }
  /// 0 if the type has none or its bytes were cut.
  [[nodiscard]] uint16_t id() const noexcept {
    const bool there = has_id() && bytes_.size() >= kId + sizeof(uint16_t);
    return there ? base::load_be<uint16_t>(bytes_.data() + kId) : uint16_t{0};
  }
  [[nodiscard]] base::Bytes payload() const noexcept {
    return bytes_.subspan(std::min(bytes_.size(), kHeaderLen));
  }

 private:
  explicit Icmpv6View(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;
};

}  // namespace pktana::parse
