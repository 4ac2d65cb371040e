// SPDX-License-Identifier: Apache-2.0
#include "app/internet/text.h"

#include <algorithm>

namespace pktana::app::internet {

AddressText address_text(Bytes address) noexcept {
  AddressText text;
  if (address.size() == 4) {
    for (size_t i = 0; i < 4; ++i) {
      if (i > 0) text.add('.');
      text.add_decimal(address[i]);
    }
  } else if (address.size() == 16) {
    for (size_t i = 0; i < 16; ++i) {
      if (i > 0 && i % 2 == 0) text.add(':');
      text.add_hex(address[i]);
    }
  }
  return text;
}

FixedText<192> colon_hex(Bytes bytes) noexcept {
  FixedText<192> text;
  for (size_t i = 0; i < bytes.size() && i < 64; ++i) {
    if (i > 0) text.add(':');
    text.add_hex(bytes[i]);
  }
  return text;
}

FixedText<512> plain_hex(Bytes bytes) noexcept {
  FixedText<512> text;
  for (const uint8_t byte : bytes.first(std::min<size_t>(bytes.size(), 256)))
    text.add_hex(byte);
  return text;
}

FixedText<8> short_hex(uint32_t value) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  FixedText<8> text;
  for (int shift = 28; shift >= 0; shift -= 4)
    if (shift == 0 || (value >> shift) != 0) text.add(kDigits[(value >> shift) & 15]);
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && starts_ignoring_case(a, b);
}

bool contains_ignoring_case(std::string_view text, std::string_view word) noexcept {
  for (size_t at = 0; at + word.size() <= text.size(); ++at)
    if (equal_ignoring_case(text.substr(at, word.size()), word)) return true;
  return false;
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlank = " \t";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool parse_decimal(std::string_view text, uint64_t& value) noexcept {
  constexpr size_t kMaxDigits = 18;
  if (text.empty() || text.size() > kMaxDigits) return false;
  uint64_t sum = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    sum = sum * 10 + static_cast<uint64_t>(c - '0');
  }
  value = sum;
  return true;
}

bool take_line(std::string_view& rest, std::string_view& line) noexcept {
  const size_t feed = rest.find('\n');
  if (feed == std::string_view::npos) return false;
  line = rest.substr(0, feed);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  rest.remove_prefix(feed + 1);
  return true;
}

std::string_view take_word(std::string_view& rest, char separator) noexcept {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

bool is_printable(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; });
}

bool is_printable_so_far(std::string_view text) noexcept {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return is_printable(text);
}

}  // namespace pktana::app::internet
