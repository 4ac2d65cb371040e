// SPDX-License-Identifier: Apache-2.0
// IEEE 802.11 MAC header, as far as needed to find the LLC header of a data frame.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class Ieee80211View {
  static constexpr size_t kFrameControl = 0;
  static constexpr size_t kMinLen = 2;
  static constexpr size_t kDataHeaderLen = 24;
  static constexpr size_t kAddress4Len = 6;
  static constexpr size_t kQosLen = 2;
  static constexpr size_t kHtControlLen = 4;
  static constexpr size_t kAmsduHeaderLen =
      14;  // destination, source, length of the first subframe
  static constexpr uint16_t kTypeMask = 0x000C;
  static constexpr uint16_t kTypeData = 0x0008;
  static constexpr uint16_t kSubtypeNoData = 0x0040;
  static constexpr uint16_t kSubtypeQos = 0x0080;
  static constexpr uint16_t kToDsFromDs = 0x0300;
  static constexpr uint16_t kProtected = 0x4000;
  static constexpr uint16_t kOrder = 0x8000;
  static constexpr uint8_t kAmsduPresent = 0x80;

 public:
  /// MAC header (IEEE 802.11-2020 section 9.3.2.1). The FCS, if captured, is left at the end.
  /// @param bytes the frame; may be cut at any byte.
  /// @param padded the header is padded to a multiple of 4 bytes (radiotap flag 0x20).
  /// @return Truncated if the header is not all there (of other than data frames: the first 2
  ///         bytes).
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<Ieee80211View> parse(base::Bytes bytes, bool padded) noexcept {
    if (bytes.size() < kMinLen) return ParseError::Truncated;
    const auto control = base::load_le<uint16_t>(bytes.data() + kFrameControl);
    if ((control & kTypeMask) != kTypeData || (control & kSubtypeNoData) != 0)
      return Ieee80211View(control, 0);
    size_t len = kDataHeaderLen;
    if ((control & kToDsFromDs) == kToDsFromDs) len += kAddress4Len;
    const size_t qos = len;
    if ((control & kSubtypeQos) != 0) {
      len += kQosLen;
      if ((control & kOrder) != 0) len += kHtControlLen;
    }
    if (padded) len = (len + 3) & ~size_t{3};
    if (bytes.size() < len) return ParseError::Truncated;
    if ((control & kSubtypeQos) != 0 && (bytes[qos] & kAmsduPresent) != 0) len += kAmsduHeaderLen;
    if (bytes.size() < len) return ParseError::Truncated;
    return Ieee80211View(control, len);
  }

  /// A data frame that can be read: not encrypted and not empty. An aggregate (A-MSDU) is read up
  /// to its first frame.
  [[nodiscard]] bool has_llc() const noexcept {
    return header_len_ != 0 && (control_ & kProtected) == 0;
  }
  [[nodiscard]] size_t header_len_bytes() const noexcept { return header_len_; }

 private:
  Ieee80211View(uint16_t control, size_t header_len) noexcept
      : control_(control), header_len_(static_cast<uint16_t>(header_len)) {}
  uint16_t control_;
  uint16_t header_len_;  // to the LLC header; 0 = no data
};

}  // namespace pktana::parse
