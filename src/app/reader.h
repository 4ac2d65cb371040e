// SPDX-License-Identifier: Apache-2.0
// A cursor over untrusted bytes, for all parsers of dissectors: every read is checked, and the
// first that does not fit makes all that follow fail too, so a parser may read a whole header and
// ask once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/dissector.h"
#include "base/bytes.h"

namespace pktana::app {

/// Numbers are big-endian. After a failure they are 0, ranges are empty and nothing is left.
/// Lifetime: borrows the bytes.
class Reader {
 public:
  explicit Reader(Bytes bytes, size_t at = 0) noexcept : bytes_(bytes), at_(at) {
    if (at_ > bytes_.size()) fail();
  }

  uint8_t u8() noexcept { return read<uint8_t>(); }
  uint16_t u16() noexcept { return read<uint16_t>(); }
  uint32_t u24() noexcept {
    const Bytes b = take(3);
    return b.empty() ? 0U : uint32_t{b[0]} << 16 | uint32_t{b[1]} << 8 | b[2];
  }
  uint32_t u32() noexcept { return read<uint32_t>(); }
  uint64_t u64() noexcept { return read<uint64_t>(); }
  /// Exactly `count` bytes.
  Bytes take(uint64_t count) noexcept {
    if (count > left()) {
      fail();
      return {};
    }
    const auto len = static_cast<size_t>(count);
    at_ += len;
    return bytes_.subspan(at_ - len, len);
  }
  void skip(uint64_t count) noexcept { take(count); }
  /// A length of one, two, three or four bytes and what it covers.
  Bytes vector8() noexcept { return take(u8()); }
  Bytes vector16() noexcept { return take(u16()); }
  Bytes vector24() noexcept { return take(u24()); }
  Bytes vector32() noexcept { return take(u32()); }
  /// What comes next is not what it should be: no read succeeds from here on.
  void fail() noexcept {
    ok_ = false;
    at_ = bytes_.size();
  }

  /// False once a read went behind the end.
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool empty() const noexcept { return left() == 0; }
  [[nodiscard]] size_t left() const noexcept { return bytes_.size() - at_; }
  /// Place in the bytes that it was made of.
  [[nodiscard]] size_t at() const noexcept { return at_; }
  [[nodiscard]] Bytes rest() const noexcept { return bytes_.subspan(at_); }

 private:
  template <typename T>
  T read() noexcept {
    const Bytes b = take(sizeof(T));
    return b.empty() ? T{0} : base::load_be<T>(b.data());
  }

  Bytes bytes_;
  size_t at_;
  bool ok_ = true;
};

}  // namespace pktana::app
