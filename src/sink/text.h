// SPDX-License-Identifier: Apache-2.0
// Text helpers of the record writers: numbers, addresses and times, put straight into a line
// buffer. Every put_ function writes at `out` without a check, adds no NUL and returns the place
// behind what it wrote; the caller has made room (kMaxLineBytes per line).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace pktana::sink {

/// Longest line of any format, its newline included: log shippers drop longer ones, or the file.
inline constexpr size_t kMaxLineBytes = size_t{16} * 1024;

namespace detail {
struct DigitPairs {
  char text[200];
};
constexpr DigitPairs make_digit_pairs() noexcept {
  DigitPairs pairs{};
  for (unsigned i = 0; i < 100; ++i) {
    pairs.text[2 * i] = static_cast<char>('0' + i / 10);
    pairs.text[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}
inline constexpr DigitPairs kDigitPairs = make_digit_pairs();
}  // namespace detail

/// A string literal: the length is known to the compiler, so this is a few moves.
template <size_t N>
inline char* put_literal(char* out, const char (&text)[N]) noexcept {
  std::memcpy(out, text, N - 1);
  return out + N - 1;
}

inline char* put_text(char* out, std::string_view text) noexcept {
  return out + text.copy(out, text.size());  // unlike memcpy, takes a view of nothing
}

/// Bytes, ASCII capitals made small.
inline char* put_lower(char* out, std::string_view text) noexcept {
  for (const char c : text)
    *out++ = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Two digits; `value` below 100.
inline char* put_2_digits(char* out, uint32_t value) noexcept {
  std::memcpy(out, detail::kDigitPairs.text + size_t{2} * value, 2);
  return out + 2;
}

/// Four digits; `value` below 10,000.
inline char* put_4_digits(char* out, uint32_t value) noexcept {
  return put_2_digits(put_2_digits(out, value / 100), value % 100);
}

char* put_decimal(char* out, uint64_t value) noexcept;
char* put_hex_byte(char* out, uint8_t value) noexcept;  ///< two digits, lower case

/// Dotted quad of 4 bytes in network order.
char* put_ipv4(char* out, const uint8_t* address) noexcept;

/// RFC 5952 text of 16 bytes; IPv4-mapped addresses as ::ffff:192.0.2.1.
char* put_ipv6(char* out, const uint8_t* address) noexcept;

/// Either of the two, by the record's ip_version.
char* put_address(char* out, const uint8_t* address, uint8_t ip_version) noexcept;

/// Whole seconds of a time in ns since 1970, rounded down also before 1970.
constexpr int64_t floor_seconds(int64_t ns) noexcept {
  constexpr int64_t kSecond = 1'000'000'000;
  return ns / kSecond - (ns % kSecond < 0 ? 1 : 0);
}

/// From `start_ns` to `end_ns`, whatever a capture file claims; 0 when that goes backwards.
constexpr uint64_t duration_ns(int64_t start_ns, int64_t end_ns) noexcept {
  return end_ns > start_ns ? static_cast<uint64_t>(end_ns) - static_cast<uint64_t>(start_ns) : 0;
}

/// ISO 8601 in UTC with microseconds, as EVE writes it: 2017-04-07T22:24:37.251547+0000. Keeps the
/// text of the last second, since neighbouring records share it.
class TimestampText {
 public:
  char* put(char* out, int64_t ns) noexcept;

 private:
  void set_second(int64_t second) noexcept;

  int64_t second_ = std::numeric_limits<int64_t>::min();
  char text_[20] = {};  ///< "2017-04-07T22:24:37."
};

}  // namespace pktana::sink
