// SPDX-License-Identifier: Apache-2.0
// Checked reading of big-endian fields one after the other. A read behind the end gives zeros and
// is remembered, so that a parser may read a whole header and ask once.
#pragma once

#include "app/dissector.h"
#include "base/bytes.h"

namespace pktana::app::internet {

class Reader {
 public:
  /// Lifetime: borrows `bytes`.
  explicit Reader(Bytes bytes, size_t at = 0) noexcept : bytes_(bytes), at_(at) {
    if (at_ > bytes_.size()) fail();
  }

  [[nodiscard]] uint8_t u8() noexcept { return read<uint8_t>(); }
  [[nodiscard]] uint16_t u16() noexcept { return read<uint16_t>(); }
  [[nodiscard]] uint32_t u32() noexcept { return read<uint32_t>(); }
  /// Empty if fewer are left.
  [[nodiscard]] Bytes bytes(size_t count) noexcept {
    if (count > left()) {
      fail();
      return {};
    }
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  void skip(size_t count) noexcept {
    if (count > left())
      fail();
    else
      at_ += count;
  }
  [[nodiscard]] Bytes rest() const noexcept { return bytes_.subspan(at_); }
  [[nodiscard]] size_t left() const noexcept { return bytes_.size() - at_; }
  [[nodiscard]] size_t at() const noexcept { return at_; }
  /// False once a read went behind the end.
  [[nodiscard]] bool ok() const noexcept { return ok_; }

 private:
  template <typename T>
  T read() noexcept {
    if (sizeof(T) > left()) {
      fail();
      return 0;
    }
    at_ += sizeof(T);
    return base::load_be<T>(bytes_.data() + at_ - sizeof(T));
  }
  void fail() noexcept {
    ok_ = false;
    at_ = bytes_.size();
  }

  Bytes bytes_;
  size_t at_;
  bool ok_ = true;
};

}  // namespace pktana::app::internet
