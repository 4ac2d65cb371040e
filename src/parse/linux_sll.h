// SPDX-License-Identifier: Apache-2.0
// Linux "cooked" capture headers, versions 1 and 2: what the `any` device gives instead of a link
// header.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

/// ARPHRD_ values of <linux/if_arp.h> that change what the protocol field or the payload is.
inline constexpr uint16_t kArphrdFrameRelay = 770;
inline constexpr uint16_t kArphrdIpGre = 778;
inline constexpr uint16_t kArphrdRadiotap = 803;
inline constexpr uint16_t kArphrdIp6Gre = 823;
inline constexpr uint16_t kArphrdNetlink = 824;

/// Values of the protocol field below the EtherTypes (<linux/if_ether.h> ETH_P_802_2).
inline constexpr uint16_t kSllProtocol8022 = 0x0004;

class LinuxSllView {
  static constexpr size_t kArphrd = 2;
  static constexpr size_t kProtocol = 14;
  static constexpr size_t kV2Protocol = 0;
  static constexpr size_t kV2Arphrd = 8;

 public:
  static constexpr size_t kHeaderLen = 16;
  static constexpr size_t kV2HeaderLen = 20;

  /// Cooked header (tcpdump.org LINKTYPE_LINUX_SLL). View over `bytes`, no copy.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the 16 bytes are not all there.
  /// Lifetime: valid while `bytes` is. Cost: O(1), no allocation.
  [[nodiscard]] static Result<LinuxSllView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    return LinuxSllView(bytes.data(), kProtocol, kArphrd);
  }

  /// Cooked header version 2 (LINKTYPE_LINUX_SLL2): as parse(), with 20 bytes.
  [[nodiscard]] static Result<LinuxSllView> parse_v2(base::Bytes bytes) noexcept {
    if (bytes.size() < kV2HeaderLen) return ParseError::Truncated;
    return LinuxSllView(bytes.data(), kV2Protocol, kV2Arphrd);
  }

  /// An EtherType, or a smaller number of Linux's own.
  [[nodiscard]] uint16_t protocol() const noexcept {
    return base::load_be<uint16_t>(p_ + protocol_);
  }
  [[nodiscard]] uint16_t arphrd() const noexcept { return base::load_be<uint16_t>(p_ + arphrd_); }

 private:
  LinuxSllView(const uint8_t* p, size_t protocol, size_t arphrd) noexcept
      : p_(p), protocol_(protocol), arphrd_(arphrd) {}
  const uint8_t* p_;
  size_t protocol_;
  size_t arphrd_;
};

}  // namespace pktana::parse
