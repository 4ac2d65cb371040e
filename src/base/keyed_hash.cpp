// SPDX-License-Identifier: Apache-2.0
#include "base/keyed_hash.h"

#include <cerrno>
#include <string>

#include <sys/random.h>

namespace pktana::base {
namespace {

constexpr size_t kMaxHexDigits = 64;

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// splitmix64 (Steele, Lea, Flood 2014): spreads a short given secret over words that must not be
/// alike.
uint64_t next_mixed(uint64_t& state) noexcept {
  state += 0x9E3779B97F4A7C15U;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

}  // namespace

Result<HashSecret> HashSecret::random() {
  HashSecret secret;
  const auto got = ::getrandom(secret.word.data(), sizeof secret.word, 0);
  if (got != static_cast<ssize_t>(sizeof secret.word))
    return fail(errno, "getrandom", "hash secret");
  return secret;
}

Result<HashSecret> HashSecret::from_hex(std::string_view hex) {
  if (hex.starts_with("0x")) hex.remove_prefix(2);
  if (hex.empty() || hex.size() > kMaxHexDigits)
    return fail_input("hash secret", "give 1 to 64 hex digits, not " + std::to_string(hex.size()));
  HashSecret secret;
  for (size_t i = 0; i < hex.size(); ++i) {
    const int digit = hex_value(hex[i]);
    if (digit < 0)
      return fail_input("hash secret", "digit " + std::to_string(i + 1) + " is not hexadecimal");
    uint64_t& word = secret.word[i / 16];
    word = (word << 4) | static_cast<uint64_t>(digit);
  }
  uint64_t state = hex.size();
  for (uint64_t& word : secret.word) {
    state ^= word;
    word = next_mixed(state);
  }
  return secret;
}

}  // namespace pktana::base
