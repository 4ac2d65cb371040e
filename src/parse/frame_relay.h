// SPDX-License-Identifier: Apache-2.0
// Frame Relay header (Q.922 address) and the multiprotocol header behind it.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

/// Network layer protocol ids (RFC 2427 section 4).
inline constexpr uint8_t kNlpidSnap = 0x80;
inline constexpr uint8_t kNlpidIpv6 = 0x8E;
inline constexpr uint8_t kNlpidIpv4 = 0xCC;

class FrameRelayView {
  static constexpr size_t kMinAddressLen = 2;
  static constexpr size_t kMaxAddressLen = 4;
  static constexpr uint8_t kExtended = 0x01;  // set in the last address byte
  static constexpr uint8_t kUnnumberedInformation = 0x03;
  static constexpr uint8_t kPad = 0x00;

 public:
  /// Q.922 address of 2 to 4 bytes, then either control 03, an optional pad byte and an NLPID (RFC
  /// 2427 section 3), or Cisco's EtherType.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the header is not all there; Malformed if the address has no end within 4
  ///         bytes.
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<FrameRelayView> parse(base::Bytes bytes) noexcept {
    size_t len = kMinAddressLen;
    while (len <= bytes.size() && (bytes[len - 1] & kExtended) == 0)
      if (++len > kMaxAddressLen) return ParseError::Malformed;
    if (bytes.size() < len + 2) return ParseError::Truncated;
    if (bytes[len] != kUnnumberedInformation)
      return FrameRelayView(base::load_be<uint16_t>(bytes.data() + len), 0, len + 2);
    ++len;
    if (bytes[len] == kPad) ++len;
    if (bytes.size() <= len) return ParseError::Truncated;
    return FrameRelayView(0, bytes[len], len + 1);
  }

  /// Cisco encapsulation; 0 = there is an NLPID.
  [[nodiscard]] uint16_t ethertype() const noexcept { return ethertype_; }
  [[nodiscard]] uint8_t nlpid() const noexcept { return nlpid_; }
  [[nodiscard]] size_t header_len_bytes() const noexcept { return header_len_; }

 private:
  FrameRelayView(uint16_t ethertype, uint8_t nlpid, size_t header_len) noexcept
      : ethertype_(ethertype), nlpid_(nlpid), header_len_(static_cast<uint8_t>(header_len)) {}
  uint16_t ethertype_;
  uint8_t nlpid_;
  uint8_t header_len_;
};

}  // namespace pktana::parse
