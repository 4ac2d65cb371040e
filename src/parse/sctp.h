// SPDX-License-Identifier: Apache-2.0
// SCTP common header. Chunks are not walked.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class SctpView {
  static constexpr size_t kSrcPort = 0;
  static constexpr size_t kDstPort = 2;
  static constexpr size_t kVerificationTag = 4;

 public:
  static constexpr size_t kHeaderLen = 12;

  /// SCTP common header (RFC 9260 section 3.1). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last *captured* byte of the IP payload; may be
  ///         cut at any byte.
  /// @return Truncated if the 12 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1). The checksum is not verified.
  [[nodiscard]] static Result<SctpView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return SctpView(bytes);
  }

  [[nodiscard]] uint16_t src_port() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kSrcPort);
  }
  [[nodiscard]] uint16_t dst_port() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kDstPort);
  }
  [[nodiscard]] uint32_t verification_tag() const noexcept {
    return base::load_be<uint32_t>(bytes_.data() + kVerificationTag);
  }
  [[nodiscard]] base::Bytes payload() const noexcept { return bytes_.subspan(kHeaderLen); }

 private:
  explicit SctpView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;
};

}  // namespace pktana::parse
