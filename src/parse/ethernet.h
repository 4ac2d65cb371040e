// SPDX-License-Identifier: Apache-2.0
// Ethernet II and IEEE 802.3 MAC header. VLAN tags are parse/vlan.h, the LLC header behind a length
// parse/llc.h.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class EthernetView {
  static constexpr size_t kDst = 0;
  static constexpr size_t kSrc = 6;
  static constexpr size_t kType = 12;

 public:
  static constexpr size_t kHeaderLen = 14;

  /// MAC header (IEEE 802.3 clause 3): addresses and type or length. Preamble and FCS are not
  /// captured.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the 14 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<EthernetView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) [[unlikely]]
      return ParseError::Truncated;
    return EthernetView(bytes.data());
  }

  [[nodiscard]] const uint8_t* dst() const noexcept { return p_ + kDst; }  ///< 6 bytes
  [[nodiscard]] const uint8_t* src() const noexcept { return p_ + kSrc; }  ///< 6 bytes
  /// EtherType, or the length of what follows if not above kMax8023Length.
  [[nodiscard]] uint16_t type() const noexcept { return base::load_be<uint16_t>(p_ + kType); }

 private:
  explicit EthernetView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
