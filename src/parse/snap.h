// SPDX-License-Identifier: Apache-2.0
// SNAP header, behind LLC and behind Frame Relay's NLPID 0x80.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

inline constexpr uint32_t kOuiEthernet = 0x000000;      ///< the type is an EtherType (RFC 1042)
inline constexpr uint32_t kOuiCisco = 0x00000C;         ///< CDP, VTP, PVST+ ...
inline constexpr uint32_t kOuiBridgeTunnel = 0x0000F8;  ///< the same as kOuiEthernet (802.1H)
inline constexpr uint32_t kOuiBridged = 0x0080C2;       ///< a bridged frame (RFC 2427 section 4.2)

inline constexpr uint16_t kSnapCiscoPvst = 0x010B;
inline constexpr uint16_t kSnapBridgedEthernetFcs = 0x0001;  ///< Ethernet frame with its FCS
inline constexpr uint16_t kSnapBridgedEthernet = 0x0007;
inline constexpr uint16_t kSnapBridgedBpdu = 0x000E;

class SnapView {
  static constexpr size_t kOui = 0;
  static constexpr size_t kType = 3;

 public:
  static constexpr size_t kHeaderLen = 5;

  /// SNAP header (IEEE 802 section 10.3).
  /// @param bytes first byte of the header to the last captured one of the frame; may be cut at any
  ///         byte.
  /// @return Truncated if the 5 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<SnapView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return SnapView(bytes.data());
  }

  [[nodiscard]] uint32_t oui() const noexcept { return base::load_be<uint32_t>(p_ + kOui) >> 8; }
  /// An EtherType, or what the organisation makes of it.
  [[nodiscard]] uint16_t type() const noexcept { return base::load_be<uint16_t>(p_ + kType); }

 private:
  explicit SnapView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
