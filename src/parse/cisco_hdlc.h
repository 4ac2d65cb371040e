// SPDX-License-Identifier: Apache-2.0
// Cisco HDLC header.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class CiscoHdlcView {
  static constexpr size_t kAddress = 0;
  static constexpr size_t kProtocol = 2;

 public:
  static constexpr size_t kHeaderLen = 4;
  static constexpr uint8_t kUnicast = 0x0F;
  static constexpr uint8_t kMulticast = 0x8F;

  /// Address, control and EtherType (RFC 1547 section 4.3.1).
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the 4 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<CiscoHdlcView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return CiscoHdlcView(bytes.data());
  }

  [[nodiscard]] uint8_t address() const noexcept { return p_[kAddress]; }
  [[nodiscard]] uint16_t protocol() const noexcept {
    return base::load_be<uint16_t>(p_ + kProtocol);
  }

 private:
  explicit CiscoHdlcView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
