// SPDX-License-Identifier: Apache-2.0
// Bytes of messages as strings: numbers in either order, hex, lengths before content. For seeds and
// tests of dissectors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pktana::app::wire {

/// `n` in `len` bytes, big-endian.
[[nodiscard]] inline std::string be(uint64_t n, size_t len) {
  std::string out;
  for (size_t i = len; i-- > 0;)
    out += static_cast<char>(n >> (8 * i) & 0xff);
  return out;
}
[[nodiscard]] inline std::string le(uint64_t n, size_t len) {
  std::string out;
  for (size_t i = 0; i < len; ++i)
    out += static_cast<char>(n >> (8 * i) & 0xff);
  return out;
}
[[nodiscard]] inline std::string be16(uint64_t n) { return be(n, 2); }
[[nodiscard]] inline std::string be32(uint64_t n) { return be(n, 4); }
[[nodiscard]] inline std::string le16(uint64_t n) { return le(n, 2); }
[[nodiscard]] inline std::string le32(uint64_t n) { return le(n, 4); }
[[nodiscard]] inline std::string zeros(size_t n) { return std::string(n, '\0'); }

/// Digits in pairs; spaces are left out.
[[nodiscard]] inline std::string hex(std::string_view digits) {
  std::string out;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    const int value = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) out += static_cast<char>(high * 16 + value);
    high = high >= 0 ? -1 : value;
  }
  return out;
}

/// ASCII in UTF-16, little-endian.
[[nodiscard]] inline std::string utf16(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += {c, '\0'};
  return out;
}

/// A BER element with a definite length.
[[nodiscard]] inline std::string ber(unsigned tag, std::string_view value) {
  std::string out(1, static_cast<char>(tag));
  if (value.size() < 0x80)
    out += static_cast<char>(value.size());
  else
    out += "\x82" + be16(value.size());
  return out.append(value);
}
[[nodiscard]] inline std::string ber_number(uint64_t n, unsigned tag = 0x02) {
  return ber(tag, n < 0x80 ? be(n, 1) : be(n, 4));
}

}  // namespace pktana::app::wire
