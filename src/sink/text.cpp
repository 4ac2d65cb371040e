// SPDX-License-Identifier: Apache-2.0
#include "sink/text.h"

#include <array>
#include <chrono>

#include "base/bytes.h"

namespace pktana::sink {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

/// One to four digits; `value` below 10,000.
char* put_short(char* out, uint32_t value) noexcept {
  if (value >= 1000) return put_4_digits(out, value);
  if (value >= 100) {
    *out = static_cast<char>('0' + value / 100);
    return put_2_digits(out + 1, value % 100);
  }
  if (value >= 10) return put_2_digits(out, value);
  *out = static_cast<char>('0' + value);
  return out + 1;
}

char* put_8_digits(char* out, uint32_t value) noexcept {
  return put_4_digits(put_4_digits(out, value / 10'000), value % 10'000);
}

/// One octet of an address as decimal text, and how long that is.
struct OctetText {
  char text[3];
  uint8_t length;
};

constexpr std::array<OctetText, 256> make_octets() noexcept {
  std::array<OctetText, 256> octets{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned length = 0;
    for (unsigned power = 100; power > 0; power /= 10)
      if (i >= power || power == 1)
        octets[i].text[length++] = static_cast<char>('0' + i / power % 10);
    octets[i].length = static_cast<uint8_t>(length);
  }
  return octets;
}
constexpr std::array<OctetText, 256> kOctets = make_octets();

char* put_octet(char* out, uint8_t value) noexcept {
  std::memcpy(out, &kOctets[value], 4);  // one move; the fourth byte is overwritten by what follows
  return out + kOctets[value].length;
}

/// One group of an IPv6 address: lower case, no leading zeros.
char* put_group(char* out, uint16_t group) noexcept {
  if (group >= 0x1000) *out++ = kHexDigits[group >> 12];
  if (group >= 0x100) *out++ = kHexDigits[group >> 8 & 0xF];
  if (group >= 0x10) *out++ = kHexDigits[group >> 4 & 0xF];
  *out++ = kHexDigits[group & 0xF];
  return out;
}

struct ZeroRun {
  unsigned first = 8;
  unsigned length = 1;  ///< a single zero group is not shortened (RFC 5952 section 4.2.2)
};

ZeroRun longest_zero_run(const std::array<uint16_t, 8>& groups) noexcept {
  ZeroRun best;
  unsigned length = 0;
  for (unsigned i = 0; i < 8; ++i) {
    length = groups[i] == 0 ? length + 1 : 0;
    if (length > best.length) best = {.first = i + 1 - length, .length = length};
  }
  return best;
}

bool is_ipv4_mapped(const uint8_t* address) noexcept {
  static constexpr uint8_t kPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::memcmp(address, kPrefix, sizeof kPrefix) == 0;
}

}  // namespace

char* put_decimal(char* out, uint64_t value) noexcept {
  constexpr uint64_t kTen4 = 10'000;
  constexpr uint64_t kTen8 = 100'000'000;
  if (value < kTen4) return put_short(out, static_cast<uint32_t>(value));
  if (value < kTen8) {
    out = put_short(out, static_cast<uint32_t>(value / kTen4));
    return put_4_digits(out, static_cast<uint32_t>(value % kTen4));
  }
  out = put_decimal(out, value / kTen8);
  return put_8_digits(out, static_cast<uint32_t>(value % kTen8));
}

char* put_hex_byte(char* out, uint8_t value) noexcept {
  *out++ = kHexDigits[value >> 4];
  *out++ = kHexDigits[value & 0xF];
  return out;
}

char* put_ipv4(char* out, const uint8_t* address) noexcept {
  for (unsigned i = 0; i < 3; ++i) {
    out = put_octet(out, address[i]);
    *out++ = '.';
  }
  return put_octet(out, address[3]);
}

char* put_ipv6(char* out, const uint8_t* address) noexcept {
  if (is_ipv4_mapped(address)) return put_ipv4(put_literal(out, "::ffff:"), address + 12);
  std::array<uint16_t, 8> groups{};
  for (unsigned i = 0; i < 8; ++i)
    groups[i] = base::load_be<uint16_t>(address + size_t{2} * i);
  const ZeroRun run = longest_zero_run(groups);
  for (unsigned i = 0; i < 8; ++i) {
    if (i == run.first) {
      out = put_literal(out, "::");
      i += run.length - 1;
      continue;
    }
    if (i > 0 && i != run.first + run.length) *out++ = ':';
    out = put_group(out, groups[i]);
  }
  return out;
}

char* put_address(char* out, const uint8_t* address, uint8_t ip_version) noexcept {
  return ip_version == 4 ? put_ipv4(out, address) : put_ipv6(out, address);
}

char* TimestampText::put(char* out, int64_t ns) noexcept {
  const int64_t second = floor_seconds(ns);
  if (second != second_) set_second(second);
  // Unsigned: near the ends of the range second * 1e9 does not fit in an int64_t.
  const uint64_t rest = static_cast<uint64_t>(ns) - static_cast<uint64_t>(second) * 1'000'000'000U;
  const auto micro = static_cast<uint32_t>(rest / 1000);
  std::memcpy(out, text_, sizeof text_);
  out = put_2_digits(out + sizeof text_, micro / 10'000);
  out = put_4_digits(out, micro % 10'000);
  return put_literal(out, "+0000");
}

void TimestampText::set_second(int64_t second) noexcept {
  // Flows that end together began at all times, but within a minute most of the text stays.
  constexpr int64_t kNoSecond = std::numeric_limits<int64_t>::min();
  const uint64_t in_minute = static_cast<uint64_t>(second) - static_cast<uint64_t>(second_) +
                             static_cast<uint64_t>(text_[17] - '0') * 10 +
                             static_cast<uint64_t>(text_[18] - '0');
  if (in_minute < 60 && second_ != kNoSecond) {
    put_2_digits(text_ + 17, static_cast<uint32_t>(in_minute));
    second_ = second;
    return;
  }
  using std::chrono::days;
  constexpr int64_t kDay = 86'400;
  const int64_t day = second / kDay - (second % kDay < 0 ? 1 : 0);
  const auto of_day = static_cast<uint32_t>(second - day * kDay);
  const std::chrono::year_month_day date{std::chrono::sys_days{days{day}}};
  char* out = put_4_digits(text_, static_cast<uint32_t>(static_cast<int>(date.year())));
  *out++ = '-';
  out = put_2_digits(out, static_cast<unsigned>(date.month()));
  *out++ = '-';
  out = put_2_digits(out, static_cast<unsigned>(date.day()));
  *out++ = 'T';
  out = put_2_digits(out, of_day / 3600);
  *out++ = ':';
  out = put_2_digits(out, of_day / 60 % 60);
  *out++ = ':';
  out = put_2_digits(out, of_day % 60);
  *out = '.';
  second_ = second;
}

}  // namespace pktana::sink
