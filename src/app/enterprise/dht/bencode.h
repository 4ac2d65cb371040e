// SPDX-License-Identifier: Apache-2.0
// Bencoding (BEP 3), read one value after another: byte strings, integers, lists, dictionaries.
// Nothing is copied, nothing recurses, nothing reads beyond its range.
#pragma once

#include <cstdint>

#include "app/dissector.h"

namespace pktana::app::enterprise {

[[nodiscard]] constexpr bool is_decimal_digit(uint8_t byte) noexcept {
  return byte >= '0' && byte <= '9';
}

/// After a value that is none, or not whole, nothing more is read. Lifetime: borrows the bytes.
class BencodeReader {
 public:
  explicit BencodeReader(Bytes bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool string(Bytes& out) noexcept;
  [[nodiscard]] bool number(int64_t& out) noexcept;
  /// The inside of a list or dictionary, and what comes behind it is next.
  [[nodiscard]] bool list(Bytes& inside) noexcept { return container('l', inside); }
  [[nodiscard]] bool dictionary(Bytes& inside) noexcept { return container('d', inside); }
  /// Any value, unread.
  [[nodiscard]] bool skip() noexcept;

  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
  /// First byte of the next value; 0 at the end.
  [[nodiscard]] uint8_t next() const noexcept { return rest_.empty() ? uint8_t{0} : rest_[0]; }

 private:
  bool container(uint8_t kind, Bytes& inside) noexcept;
  bool fail() noexcept;

  Bytes rest_;
};

}  // namespace pktana::app::enterprise
