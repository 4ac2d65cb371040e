// SPDX-License-Identifier: Apache-2.0
// Unaligned loads and stores in a stated byte order, and the borrowed byte range that parsers work
// on.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace pktana::base {

/// Borrowed bytes. Lifetime: that of whoever lent them.
using Bytes = std::span<const uint8_t>;

namespace detail {
template <typename T>
constexpr T swap_bytes(T value) noexcept {
  if constexpr (sizeof(T) == 1) return value;
  if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(value));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(value));
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(value));
}
}  // namespace detail

/// The bytes at `p` as they lie in memory. `p` need not be aligned; sizeof(T) bytes must be
/// readable.
template <typename T>
[[nodiscard]] inline T load_raw(const uint8_t* p) noexcept {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

/// Big-endian (network order) integer at `p` in host order.
template <typename T>
[[nodiscard]] inline T load_be(const uint8_t* p) noexcept {
  const T value = load_raw<T>(p);
  if constexpr (std::endian::native == std::endian::little) return detail::swap_bytes(value);
  return value;
}

/// Little-endian integer at `p` in host order.
template <typename T>
[[nodiscard]] inline T load_le(const uint8_t* p) noexcept {
  const T value = load_raw<T>(p);
  if constexpr (std::endian::native == std::endian::big) return detail::swap_bytes(value);
  return value;
}

/// Writes `value` at `p` in network order; sizeof(T) bytes must be writable.
template <typename T>
inline void store_be(uint8_t* p, T value) noexcept {
  if constexpr (std::endian::native == std::endian::little) value = detail::swap_bytes(value);
  std::memcpy(p, &value, sizeof value);
}

}  // namespace pktana::base
