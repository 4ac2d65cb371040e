// SPDX-License-Identifier: Apache-2.0
#include "filter/literal.h"

#include <charconv>

#include "base/nearest.h"
#include "base/time_text.h"
#include "base/units.h"

namespace pktana::filter {
namespace {

constexpr int64_t kLastPort = 65535;

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::optional<int64_t> parse_whole(std::string_view text) noexcept {
  int64_t value = 0;
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  if (text.empty() || text.front() == '-') return std::nullopt;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, hex ? 16 : 10);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<int64_t> parse_count(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != '_') digits += c;
  return parse_whole(digits);
}

/// Bits of the TCP header, in their order.
constexpr std::string_view kFlagNames[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};

std::optional<int64_t> parse_tcp_flags(std::string_view text) noexcept {
  for (size_t i = 0; i < std::size(kFlagNames); ++i)
    if (text == kFlagNames[i]) return int64_t{1} << i;
  const auto number = parse_whole(text);
  return number && *number <= 0xFF ? number : std::nullopt;
}

std::optional<int64_t> parse_flag(std::string_view text) noexcept {
  if (text == "true") return 1;
  if (text == "false") return 0;
  return std::nullopt;
}

std::optional<NumberRange> single(std::optional<int64_t> value) noexcept {
  if (!value) return std::nullopt;
  return NumberRange{*value, *value};
}

/// One value, without "..".
std::optional<NumberRange> parse_one(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::Size: {
      const auto size = base::parse_size_bytes(text);
      if (!size || *size > INT64_MAX) return std::nullopt;
      return single(static_cast<int64_t>(*size));
    }
    case FieldType::Duration: {
      const auto duration = base::parse_duration_ns(text);
      return duration ? single(*duration) : std::nullopt;
    }
    case FieldType::Time: {
      const auto time = base::parse_time(text);
      if (!time) return std::nullopt;
      return NumberRange{time->first_ns, time->last_ns};
    }
    case FieldType::Port: {
      const auto port = parse_whole(text);
      return port && *port <= kLastPort ? single(port) : std::nullopt;
    }
    case FieldType::TcpFlags:
      return single(parse_tcp_flags(text));
    case FieldType::Flag:
      return single(parse_flag(text));
    default:
      return single(parse_count(text));
  }
}

bool takes_range(FieldType type) noexcept {
  return type != FieldType::TcpFlags && type != FieldType::Flag;
}

const char* wanted(FieldType type) noexcept {
  switch (type) {
    case FieldType::Size:
      return "a size: write 64KiB, 10MB or a number of bytes, or a range such as 1kB..2kB";
    case FieldType::Duration:
      return "a duration: write 30s, 500ms, 10m or a number of seconds, or a range such as 1s..5s";
    case FieldType::Time:
      return "a time: write 2026-11-23, 2026-11-23T08:14:57Z, or two of them as a range, a..b";
    case FieldType::Port:
      return "a port: write 0 to 65535, or a range such as 1000..2000";
    case FieldType::TcpFlags:
      return "a TCP flag: write fin, syn, rst, psh, ack, urg, ece, cwr, or bits such as 0x12";
    case FieldType::Flag:
      return "true or false";
    default:
      return "a number, or a range such as 10..20";
  }
}

base::Unexpected refuse(std::string_view text, const std::string& what) {
  return base::fail_input("", quoted(text) + " is not " + what);
}

std::string unquote(std::string_view token, std::string_view taken) {
  const bool is_quoted = token.size() >= 2 && (token.front() == '"' || token.front() == '\'');
  if (!is_quoted) return std::string(token);
  token = token.substr(1, token.size() - 2);
  std::string text;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool escapes = token[i] == '\\' && i + 1 < token.size() &&
                         taken.find(token[i + 1]) != std::string_view::npos;
    if (escapes) ++i;
    text += token[i];
  }
  return text;
}

}  // namespace

base::Result<NumberRange> read_numbers(const Field& field, std::string_view text) {
  const size_t dots = takes_range(field.type) ? text.find("..") : std::string_view::npos;
  if (dots == std::string_view::npos) {
    const auto one = parse_one(field.type, text);
    if (!one) return refuse(text, wanted(field.type));
    return *one;
  }
  const std::string_view low = text.substr(0, dots);
  const std::string_view high = text.substr(dots + 2);
  const auto first = low.empty() ? NumberRange{INT64_MIN, 0} : parse_one(field.type, low);
  const auto last = high.empty() ? NumberRange{0, INT64_MAX} : parse_one(field.type, high);
  if (!first || !last || (low.empty() && high.empty())) return refuse(text, wanted(field.type));
  if (last->last < first->first)
    return base::fail_input("", "the range " + quoted(text) + " runs backwards");
  return NumberRange{first->first, last->last};
}

base::Result<AddressRange> read_addresses(std::string_view text) {
  const auto range = parse_address_range(text);
  if (!range)
    return refuse(text,
                  "an address: write 192.0.2.1, 2001:db8::1, 10.0.0.0/8 or 10.0.0.1..10.0.0.9");
  return *range;
}

base::Result<uint8_t> read_word(const Field& field, std::string_view text) {
  const bool is_protocol = field.words.size() == 256;
  if (const auto number = parse_whole(text); is_protocol && number && *number <= 0xFF)
    return static_cast<uint8_t>(*number);
  if (is_protocol && (text == "icmpv6" || text == "icmp6")) text = "IPv6-ICMP";
  const int index = find_word(field, text);
  if (index >= 0) return static_cast<uint8_t>(index);
  if (is_protocol)
    return refuse(text, "a protocol: write tcp, udp, icmp, ipv6-icmp, sctp, gre, or 0 to 255");
  const std::vector<std::string> words(field.words.begin(), field.words.end());
  std::string list;
  for (const std::string& word : words)
    list += (list.empty() ? "" : ", ") + word;
  return refuse(text, "a value of " + std::string(field.name) + ": those are " + list +
                          base::suggestion(text, words));
}

std::string unquote(std::string_view token) { return unquote(token, "\\\"'"); }

std::string unquote_regex(std::string_view token) { return unquote(token, "\"'"); }

}  // namespace pktana::filter
