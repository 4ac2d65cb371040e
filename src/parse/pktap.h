// SPDX-License-Identifier: Apache-2.0
// PKTAP: macOS' header in front of a frame of another link type.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class PktapView {
  static constexpr size_t kHeaderLen = 0;
  static constexpr size_t kRecordType = 4;
  static constexpr size_t kDlt = 8;
  static constexpr uint32_t kTypePacket = 1;
  static constexpr uint32_t kMaxHeaderLen = 4096;

 public:
  static constexpr size_t kMinHeaderLen = 108;

  /// PKTAP header (Apple's bsd/net/pktap.h), little-endian.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the header is not all there; Malformed if its length is below 108 or
  ///         absurd; Unsupported if the record is no packet.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<PktapView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
    const PktapView view(bytes.data());
    if (view.header_len_bytes() < kMinHeaderLen || view.header_len_bytes() > kMaxHeaderLen)
      return ParseError::Malformed;
    if (bytes.size() < view.header_len_bytes()) return ParseError::Truncated;
    if (base::load_le<uint32_t>(bytes.data() + kRecordType) != kTypePacket)
      return ParseError::Unsupported;
    return view;
  }

  [[nodiscard]] uint32_t header_len_bytes() const noexcept {
    return base::load_le<uint32_t>(p_ + kHeaderLen);
  }
  /// DLT_ value of the frame behind: the same as LINKTYPE_ for all that macOS writes here.
  [[nodiscard]] uint32_t dlt() const noexcept { return base::load_le<uint32_t>(p_ + kDlt); }

 private:
  explicit PktapView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
