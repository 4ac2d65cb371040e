// SPDX-License-Identifier: Apache-2.0
// ERSPAN header, types II and III (type I has none): a mirrored frame in GRE.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class ErspanView {
  static constexpr size_t kVersionVlan = 0;
  static constexpr size_t kSession = 2;
  static constexpr size_t kFrameType =
      10;  // type III, with P in front: P(1) FT(5) HwId(6) D(1) Gra(2) O(1)
  static constexpr uint16_t kSessionMask = 0x03FF;
  static constexpr uint16_t kFrameTypeMask = 0x7C00;
  static constexpr unsigned kFrameTypeShift = 10;
  static constexpr uint16_t kSubheader = 0x0001;
  static constexpr size_t kType2Len = 8;
  static constexpr size_t kType3Len = 12;
  static constexpr size_t kSubheaderLen = 8;

 public:
  /// ERSPAN header (draft-foschiano-erspan-03 sections 4.2 and 4.3). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last captured one; may be cut at any byte.
  /// @return Truncated if the header is not all there; Unsupported if the version is neither 1 (II)
  ///         nor 2 (III).
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<ErspanView> parse(base::Bytes bytes) noexcept {
    if (bytes.empty()) return ParseError::Truncated;
    const unsigned version = bytes[kVersionVlan] >> 4;
    if (version != 1 && version != 2) return ParseError::Unsupported;
    size_t len = version == 1 ? kType2Len : kType3Len;
    if (bytes.size() < len) return ParseError::Truncated;
    if (version == 2 && (base::load_be<uint16_t>(bytes.data() + kFrameType) & kSubheader) != 0)
      len += kSubheaderLen;
    if (bytes.size() < len) return ParseError::Truncated;
    return ErspanView(bytes.first(len));
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] uint16_t session() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kSession) & kSessionMask;
  }
  /// Type III may carry a bare IP packet (frame type 2); all else is an Ethernet frame.
  [[nodiscard]] bool carries_ip() const noexcept {
    if (bytes_.size() < kType3Len) return false;
    const auto word = base::load_be<uint16_t>(bytes_.data() + kFrameType);
    return (word & kFrameTypeMask) >> kFrameTypeShift == 2;
  }

 private:
  explicit ErspanView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
