// SPDX-License-Identifier: Apache-2.0
// A cursor over untrusted bytes, for the parsers of this family: every read is checked, and the
// first that does not fit makes all that follow fail too, so a parser checks once at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "app/dissector.h"
#include "base/bytes.h"

namespace pktana::app::secure {

/// Lifetime: borrows the bytes. After a failure numbers are 0 and ranges empty.
class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
  [[nodiscard]] size_t left() const noexcept { return rest_.size(); }
  [[nodiscard]] Bytes rest() const noexcept { return rest_; }

  uint8_t u8() noexcept {
    const Bytes b = take(1);
    return b.empty() ? uint8_t{0} : b[0];
  }
  uint16_t u16() noexcept {
    const Bytes b = take(2);
    return b.empty() ? uint16_t{0} : base::load_be<uint16_t>(b.data());
  }
  uint32_t u24() noexcept {
    const Bytes b = take(3);
    return b.empty() ? 0U : uint32_t{b[0]} << 16 | uint32_t{b[1]} << 8 | b[2];
  }
  uint32_t u32() noexcept {
    const Bytes b = take(4);
    return b.empty() ? 0U : base::load_be<uint32_t>(b.data());
  }
  uint64_t u64() noexcept {
    const Bytes b = take(8);
    return b.empty() ? 0U : base::load_be<uint64_t>(b.data());
  }
  /// Exactly `count` bytes.
  Bytes take(uint64_t count) noexcept {
    if (count > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(static_cast<size_t>(count));
    rest_ = rest_.subspan(static_cast<size_t>(count));
    return taken;
  }
  /// A length of one, two, three or four bytes and what it covers.
  Bytes vector8() noexcept { return take(u8()); }
  Bytes vector16() noexcept { return take(u16()); }
  Bytes vector24() noexcept { return take(u24()); }
  Bytes vector32() noexcept { return take(u32()); }

 private:
  Bytes rest_;
  bool failed_ = false;
};

}  // namespace pktana::app::secure
