// SPDX-License-Identifier: Apache-2.0
// NFLOG: a packet as Linux' netfilter logs it, in a list of type-length-value items.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class NflogView {
 public:
  static constexpr size_t kHeaderLen = 4;
  /// Items looked at; the kernel writes about twenty.
  static constexpr unsigned kMaxItems = 64;

  /// Header and items up to the packet itself (tcpdump.org LINKTYPE_NFLOG). Items are in the order
  /// of the machine that captured: little-endian is tried first.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the frame ends before the packet; Malformed if an item is shorter than
  ///         its header or there are more than kMaxItems; Unsupported if the version is not 0.
  /// Lifetime: holds no pointer. Cost: O(items), no allocation.
  [[nodiscard]] static Result<NflogView> parse(base::Bytes bytes) noexcept;

  [[nodiscard]] bool is_ipv4() const noexcept { return family_ == 2; }
  [[nodiscard]] bool is_ipv6() const noexcept { return family_ == 10; }
  /// Where the packet begins in the frame.
  [[nodiscard]] size_t packet_offset_bytes() const noexcept { return packet_offset_; }
  /// Length of the packet as the item says, captured or not.
  [[nodiscard]] size_t packet_len_bytes() const noexcept { return packet_len_; }

 private:
  NflogView(uint8_t family, size_t packet_offset, size_t packet_len) noexcept
      : family_(family), packet_offset_(packet_offset), packet_len_(packet_len) {}
  uint8_t family_;
  size_t packet_offset_;
  size_t packet_len_;
};

}  // namespace pktana::parse
