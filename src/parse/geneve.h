// SPDX-License-Identifier: Apache-2.0
// Geneve header. Options are skipped.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class GeneveView {
  static constexpr size_t kVersionLen = 0;
  static constexpr size_t kProtocol = 2;
  static constexpr size_t kVni = 4;
  static constexpr uint8_t kOptionWords = 0x3F;

 public:
  static constexpr size_t kMinHeaderLen = 8;

  /// Geneve header with its options (RFC 8926 section 3.4). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last captured one of the UDP payload; may be cut
  ///         at any byte.
  /// @return Truncated if header and options are not all there; Unsupported if the version is not
  ///         0.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<GeneveView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
    if (bytes[kVersionLen] >> 6 != 0) return ParseError::Unsupported;
    const size_t len = kMinHeaderLen + size_t{4} * (bytes[kVersionLen] & kOptionWords);
    if (bytes.size() < len) return ParseError::Truncated;
    return GeneveView(bytes.first(len));
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  /// An EtherType; 0x6558 = Ethernet.
  [[nodiscard]] uint16_t protocol() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kProtocol);
  }
  [[nodiscard]] uint32_t vni() const noexcept {
    return base::load_be<uint32_t>(bytes_.data() + kVni) >> 8;
  }

 private:
  explicit GeneveView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
