// SPDX-License-Identifier: Apache-2.0
// The keyed hash of the flow table: a chain of 64x64->128-bit multiplications, each operand mixed
// with a secret. Not cryptographic, but without the secret an attacker can't compute colliding
// keys; a seeded CRC is linear and would give the same collisions under any seed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace pktana::base {

/// 256 bits of secret, drawn once per process from getrandom(2), or given in hex for reproducible
/// runs.
struct HashSecret {
  std::array<uint64_t, 4> word{};

  [[nodiscard]] static Result<HashSecret> random();
  /// From 1 to 64 hex digits ("0x" allowed), stretched over all words. Errors say what is wrong
  /// with the text.
  [[nodiscard]] static Result<HashSecret> from_hex(std::string_view hex);
};

/// Folds the 128-bit product of `a` and `b` to 64 bits.
[[nodiscard]] inline uint64_t fold_multiply(uint64_t a, uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

/// Hash of three words (the IPv4 flow key).
[[nodiscard]] inline uint64_t keyed_hash(const HashSecret& s, uint64_t a, uint64_t b,
                                         uint64_t c) noexcept {
  const uint64_t first = fold_multiply(a ^ s.word[0], b ^ s.word[1]);
  return fold_multiply(first ^ s.word[2], c ^ first ^ s.word[3]);
}

/// Hash of six words (the IPv6 flow key).
[[nodiscard]] inline uint64_t keyed_hash(const HashSecret& s,
                                         const std::array<uint64_t, 6>& w) noexcept {
  const uint64_t first = fold_multiply(w[0] ^ s.word[0], w[1] ^ s.word[1]);
  const uint64_t second = fold_multiply(w[2] ^ s.word[1], w[3] ^ s.word[2]) + first;
  return keyed_hash(s, second, w[4] ^ first, w[5]);
}

}  // namespace pktana::base
