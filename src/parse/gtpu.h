// SPDX-License-Identifier: Apache-2.0
// GTP-U version 1 header with its extension headers: user packets of mobile networks.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class GtpuView {
  static constexpr size_t kFlags = 0;
  static constexpr size_t kType = 1;
  static constexpr size_t kLen = 2;
  static constexpr size_t kTeid = 4;

 public:
  static constexpr size_t kMinHeaderLen = 8;
  /// Extension headers walked.
  static constexpr unsigned kMaxExtensions = 8;

  /// GTP-U header of a user packet (3GPP TS 29.281 section 5). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last captured one of the UDP payload; may be cut
  ///         at any byte.
  /// @return Truncated if the header with its extensions is not all there; Unsupported if it is not
  ///         version 1, not GTP (but GTP'), or another message than a user packet (G-PDU);
  ///         Malformed if an extension has no length, there are more than kMaxExtensions, or the
  ///         length field does not cover them.
  /// Lifetime: valid while `bytes` is. Cost: O(extensions), no allocation.
  [[nodiscard]] static Result<GtpuView> parse(base::Bytes bytes) noexcept;

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] uint32_t teid() const noexcept {
    return base::load_be<uint32_t>(bytes_.data() + kTeid);
  }
  /// What follows the first 8 bytes, as sent.
  [[nodiscard]] uint32_t length_bytes() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kLen);
  }

 private:
  explicit GtpuView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
