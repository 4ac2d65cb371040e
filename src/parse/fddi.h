// SPDX-License-Identifier: Apache-2.0
// FDDI MAC header.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class FddiView {
  static constexpr size_t kFrameControl = 0;
  static constexpr uint8_t kFormatMask = 0xF0;
  static constexpr uint8_t kFormatLlc = 0x50;

 public:
  static constexpr size_t kHeaderLen = 13;

  /// Frame control and two addresses (ISO 9314-2).
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the 13 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<FddiView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return FddiView(bytes[kFrameControl]);
  }

  /// Asynchronous LLC frame; the others manage the ring.
  [[nodiscard]] bool has_llc() const noexcept { return (control_ & kFormatMask) == kFormatLlc; }

 private:
  explicit FddiView(uint8_t control) noexcept : control_(control) {}
  uint8_t control_;
};

}  // namespace pktana::parse
