// SPDX-License-Identifier: Apache-2.0
// BSD loopback header: LINKTYPE_NULL and LINKTYPE_LOOP.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class NullLoopView {
 public:
  static constexpr size_t kHeaderLen = 4;

  /// Address family in 4 bytes. LINKTYPE_LOOP has it in network order, LINKTYPE_NULL in that of the
  /// machine that captured: both are read, since a family is below 2^16.
  /// @param bytes the frame; may be cut at any byte.
  /// @return Truncated if the 4 bytes are not all there.
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<NullLoopView> parse(base::Bytes bytes) noexcept {
    if (bytes.size() < kHeaderLen) return ParseError::Truncated;
    const auto big = base::load_be<uint32_t>(bytes.data());
    return NullLoopView(big <= 0xFFFF ? big : base::load_le<uint32_t>(bytes.data()));
  }

  /// AF_ value of the system that captured, or (some writers) an EtherType.
  [[nodiscard]] uint32_t family() const noexcept { return family_; }
  [[nodiscard]] bool is_ipv4() const noexcept { return family_ == 2; }
  /// Linux 10, NetBSD and OpenBSD 24, FreeBSD 28, macOS 30.
  [[nodiscard]] bool is_ipv6() const noexcept {
    return family_ == 10 || family_ == 24 || family_ == 28 || family_ == 30;
  }

 private:
  explicit NullLoopView(uint32_t family) noexcept : family_(family) {}
  uint32_t family_;
};

}  // namespace pktana::parse
