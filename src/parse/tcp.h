// SPDX-License-Identifier: Apache-2.0
// TCP header. Its options are walked by parse/tcp_options.h.
#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

inline constexpr uint8_t kTcpFin = 0x01;
inline constexpr uint8_t kTcpSyn = 0x02;
inline constexpr uint8_t kTcpRst = 0x04;
inline constexpr uint8_t kTcpPsh = 0x08;
inline constexpr uint8_t kTcpAck = 0x10;
inline constexpr uint8_t kTcpUrg = 0x20;
inline constexpr uint8_t kTcpEce = 0x40;
inline constexpr uint8_t kTcpCwr = 0x80;

class TcpView {
  static constexpr size_t kSrcPort = 0;
  static constexpr size_t kDstPort = 2;
  static constexpr size_t kSeq = 4;
  static constexpr size_t kAck = 8;
  static constexpr size_t kDataOffset = 12;
  static constexpr size_t kFlags = 13;
  static constexpr size_t kWindow = 14;

 public:
  static constexpr size_t kMinHeaderLen = 20;

  /// TCP header (RFC 9293 section 3.1). View over `bytes`, no copy.
  /// @param bytes first byte of the header to the last *captured* byte of the IP payload; may be
  ///         cut at any byte.
  /// @param sent_len IP payload as sent, at least bytes.size().
  /// @return Truncated if the 20 fixed bytes are not all there; Malformed if the data offset is
  ///         below 5 or points beyond the packet. Options and payload may be cut: options() and
  ///         payload() are what was captured of them.
  /// Lifetime: valid while `bytes` is. Threads: const, shareable. Cost: O(1). The checksum is not
  /// verified.
  [[nodiscard]] static Result<TcpView> parse(base::Bytes bytes, size_t sent_len) noexcept {
    if (bytes.size() < kMinHeaderLen) [[unlikely]]
      return ParseError::Truncated;
    const uint32_t header_len = (bytes[kDataOffset] >> 4) * 4U;
    if (header_len < kMinHeaderLen || header_len > sent_len) [[unlikely]]
      return ParseError::Malformed;
    return TcpView(bytes, header_len);
  }

  [[nodiscard]] uint16_t src_port() const noexcept { return base::load_be<uint16_t>(at(kSrcPort)); }
  [[nodiscard]] uint16_t dst_port() const noexcept { return base::load_be<uint16_t>(at(kDstPort)); }
  [[nodiscard]] uint32_t seq() const noexcept { return base::load_be<uint32_t>(at(kSeq)); }
  [[nodiscard]] uint32_t ack() const noexcept { return base::load_be<uint32_t>(at(kAck)); }
  [[nodiscard]] uint32_t header_len_bytes() const noexcept { return header_len_; }
  [[nodiscard]] uint8_t flags() const noexcept { return *at(kFlags); }
  [[nodiscard]] uint16_t window() const noexcept { return base::load_be<uint16_t>(at(kWindow)); }
  [[nodiscard]] base::Bytes options() const noexcept {
    return {at(kMinHeaderLen), captured_header_len() - kMinHeaderLen};
  }
  [[nodiscard]] base::Bytes payload() const noexcept {
    return bytes_.subspan(captured_header_len());
  }

 private:
  TcpView(base::Bytes bytes, uint32_t header_len) noexcept
      : bytes_(bytes), header_len_(header_len) {}
  [[nodiscard]] const uint8_t* at(size_t offset) const noexcept { return bytes_.data() + offset; }
  [[nodiscard]] size_t captured_header_len() const noexcept {
    return std::min<size_t>(bytes_.size(), header_len_);
  }
  base::Bytes bytes_;
  uint32_t header_len_;  // kept: read again behind stores to the packet, it would be loaded again
};

}  // namespace pktana::parse
