// SPDX-License-Identifier: Apache-2.0
// VXLAN header, also with the generic protocol extension (VXLAN-GPE).
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

/// Next protocol numbers that VXLAN-GPE and NSH (RFC 8300 section 11.2.5) share.
inline constexpr uint8_t kNextProtocolIpv4 = 1;
inline constexpr uint8_t kNextProtocolIpv6 = 2;
inline constexpr uint8_t kNextProtocolEthernet = 3;
inline constexpr uint8_t kNextProtocolNsh = 4;
inline constexpr uint8_t kNextProtocolMpls = 5;

class VxlanView {
  static constexpr size_t kFlags = 0;
  static constexpr size_t kNextProtocol = 3;
  static constexpr size_t kVni = 4;
  static constexpr uint8_t kFlagVni = 0x08;

 public:
  static constexpr size_t kHeaderLen = 8;

  /// VXLAN header (RFC 7348 section 5; draft-ietf-nvo3-vxlan-gpe section 3). View over `bytes`, no
  /// copy.
  /// @param bytes first byte of the header to the last captured one of the UDP payload; may be cut
  ///         at any byte.
  /// @return Truncated if the 8 bytes are not all there; Malformed if the bit that says that there
  ///         is a network identifier is not set. Reserved bits may be anything.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<VxlanView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    if ((bytes[kFlags] & kFlagVni) == 0) return ParseError::Malformed;
    return VxlanView(bytes.data());
  }

  [[nodiscard]] uint32_t vni() const noexcept { return base::load_be<uint32_t>(p_ + kVni) >> 8; }
  /// With the generic protocol extension; Ethernet if it names nothing. Some senders leave out the
  /// bit that announces it, so the port has to tell whether there is one.
  [[nodiscard]] uint8_t next_protocol() const noexcept {
    return p_[kNextProtocol] != 0 ? p_[kNextProtocol] : kNextProtocolEthernet;
  }

 private:
  explicit VxlanView(const uint8_t* p) noexcept : p_(p) {}
  const uint8_t* p_;
};

}  // namespace pktana::parse
