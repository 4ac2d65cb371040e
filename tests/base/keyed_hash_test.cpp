// SPDX-License-Identifier: Apache-2.0
#include "base/keyed_hash.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <unordered_set>
#include <vector>

#include "support/catch.h"

namespace pktana::base {
namespace {

HashSecret secret_of(std::string_view hex) {
  const auto secret = HashSecret::from_hex(hex);
  REQUIRE(secret);
  return *secret;
}

std::string message_of(std::string_view hex) {
  const auto secret = HashSecret::from_hex(hex);
  return secret ? "no error" : to_string(secret.error());
}

TEST_CASE("hash secret: random ones differ and have no zero word") {
  const auto first = HashSecret::random();
  const auto second = HashSecret::random();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->word != second->word);
  CHECK(std::count(first->word.begin(), first->word.end(), 0U) == 0);
}

TEST_CASE("hash secret: the same text gives the same secret, whatever its case and prefix") {
  CHECK(secret_of("c0ffee").word == secret_of("C0FFEE").word);
  CHECK(secret_of("c0ffee").word == secret_of("0xc0ffee").word);
  CHECK(secret_of("c0ffee").word != secret_of("c0ffef").word);
}

TEST_CASE("hash secret: every digit counts, leading zeros too") {
  CHECK(secret_of("1").word != secret_of("01").word);
  const std::string zeros(64, '0');
  for (size_t i = 0; i < zeros.size(); ++i) {
    std::string text = zeros;
    text[i] = '1';
    CHECK(secret_of(text).word != secret_of(zeros).word);
  }
}

TEST_CASE("hash secret: a short text still fills all words with different values") {
  for (const char* text : {"0", "1", "f", "00", "0000000000000000"}) {
    auto words = secret_of(text).word;
    std::sort(words.begin(), words.end());
    CHECK(std::adjacent_find(words.begin(), words.end()) == words.end());
    CHECK(words.front() != 0);
  }
}

TEST_CASE("hash secret: errors say what is wrong with the text") {
  CHECK(message_of("") == "hash secret: give 1 to 64 hex digits, not 0");
  CHECK(message_of("0x") == "hash secret: give 1 to 64 hex digits, not 0");
  CHECK(message_of(std::string(65, 'a')) == "hash secret: give 1 to 64 hex digits, not 65");
  CHECK(message_of("12g4") == "hash secret: digit 3 is not hexadecimal");
  CHECK(message_of("12 4") == "hash secret: digit 3 is not hexadecimal");
  CHECK(message_of("-1") == "hash secret: digit 1 is not hexadecimal");
  CHECK(message_of(std::string_view("1\0", 2)) == "hash secret: digit 2 is not hexadecimal");
  CHECK(message_of(std::string(64, 'F')) == "no error");
}

TEST_CASE("keyed hash: values are fixed, so that flow ids of a given secret never change") {
  const HashSecret secret = secret_of("1");
  CHECK(keyed_hash(secret, 1, 2, 3) == 0x56C7B7C2215E3083);
  CHECK(keyed_hash(secret, {1, 2, 3, 4, 5, 6}) == 0x697F4C7E18377610);
}

TEST_CASE("keyed hash: another secret gives another hash") {
  const HashSecret one = secret_of("1");
  const HashSecret two = secret_of("2");
  CHECK(keyed_hash(one, 1, 2, 3) != keyed_hash(two, 1, 2, 3));
  CHECK(keyed_hash(one, {1, 2, 3, 4, 5, 6}) != keyed_hash(two, {1, 2, 3, 4, 5, 6}));
}

/// Largest deviation from one half, per input word, of how often an output bit flips when one bit
/// of that word does.
template <size_t kWords, typename Hash>
std::array<double, kWords> worst_avalanche(const Hash& hash) {
  constexpr int kSamples = 4000;
  std::mt19937_64 random(1);
  std::vector<int> flips(64 * kWords * 64);
  for (int sample = 0; sample < kSamples; ++sample) {
    std::array<uint64_t, kWords> words{};
    for (uint64_t& word : words)
      word = random();
    const uint64_t base = hash(words);
    for (size_t bit = 0; bit < 64 * kWords; ++bit) {
      auto changed = words;
      changed[bit / 64] ^= uint64_t{1} << (bit % 64);
      const uint64_t difference = base ^ hash(changed);
      for (size_t out = 0; out < 64; ++out)
        flips[bit * 64 + out] += static_cast<int>(difference >> out & 1);
    }
  }
  std::array<double, kWords> worst{};
  for (size_t i = 0; i < flips.size(); ++i) {
    double& of_word = worst[i / (64 * 64)];
    of_word = std::max(of_word, std::abs(flips[i] / double{kSamples} - 0.5));
  }
  return worst;
}

// Five standard deviations of 4000 tosses are 0.04. The last word (VLANs, encapsulation) passes one
// multiplication instead of two, which leaves a bias of 0.07 in a few bits: harmless, as flows
// differ in the other words.
constexpr double kChance = 0.04;
constexpr double kLastWord = 0.12;

TEST_CASE("keyed hash: each bit of an IPv4 key flips each output bit about half of the time") {
  const HashSecret secret = secret_of("0123456789abcdef");
  const auto worst =
      worst_avalanche<3>([&](const auto& w) { return keyed_hash(secret, w[0], w[1], w[2]); });
  CHECK(*std::max_element(worst.begin(), worst.end() - 1) < kChance);
  CHECK(worst.back() < kLastWord);
}

TEST_CASE("keyed hash: each bit of an IPv6 key flips each output bit about half of the time") {
  const HashSecret secret = secret_of("0123456789abcdef");
  const auto worst = worst_avalanche<6>([&](const auto& w) { return keyed_hash(secret, w); });
  CHECK(*std::max_element(worst.begin(), worst.end() - 1) < kChance);
  CHECK(worst.back() < kLastWord);
}

/// Chi-square of `hashes` over 4096 buckets, as a flow index and the sharing among workers take
/// bits from them.
double chi_square(const std::vector<uint64_t>& hashes, unsigned shift) {
  constexpr size_t kBuckets = 4096;
  std::vector<double> count(kBuckets);
  for (const uint64_t hash : hashes)
    ++count[hash >> shift & (kBuckets - 1)];
  const double expected = static_cast<double>(hashes.size()) / kBuckets;
  double sum = 0;
  for (const double seen : count)
    sum += (seen - expected) * (seen - expected) / expected;
  return sum;
}

TEST_CASE("keyed hash: neighbouring addresses and ports spread evenly over all bits used") {
  const HashSecret secret = secret_of("5eed");
  std::vector<uint64_t> hashes;
  for (uint64_t host = 0; host < 512; ++host)
    for (uint64_t port = 0; port < 512; ++port)
      hashes.push_back(
          keyed_hash(secret, 0x0A000001 | (0xC0A80000 + host) << 32, 443 | port << 16, 0));
  // 4095 degrees of freedom: mean 4095, standard deviation 90.5.
  for (const unsigned shift : {0U, 4U, 16U, 32U, 52U})
    CHECK(chi_square(hashes, shift) < 4095 + 500);
  CHECK(std::unordered_set<uint64_t>(hashes.begin(), hashes.end()).size() == hashes.size());
}

TEST_CASE("keyed hash: IPv6 keys that differ in one low word spread evenly") {
  const HashSecret secret = secret_of("5eed");
  std::vector<uint64_t> hashes;
  for (uint64_t i = 0; i < 262'144; ++i)
    hashes.push_back(keyed_hash(secret, {0x20010DB8, i, 0x20010DB8, 1, 443, 0}));
  for (const unsigned shift : {0U, 16U, 32U, 52U})
    CHECK(chi_square(hashes, shift) < 4095 + 500);
}

}  // namespace
}  // namespace pktana::base
