// SPDX-License-Identifier: Apache-2.0
// Recognises syslog (RFC 5424, RFC 3164; over TCP RFC 6587): a priority in angle brackets, and a
// version or a date behind it; on syslog's port any text.
#include <algorithm>
#include <iterator>

#include "app/internet/dissectors.h"
#include "app/internet/text.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {514, 601, 1514, 0};
constexpr uint64_t kMaxPriority = 191;
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Behind "<PRI>"; empty if there is no priority.
std::string_view after_priority(std::string_view text) noexcept {
  constexpr size_t kMaxDigits = 3;
  if (!text.starts_with('<')) return {};
  const size_t close = text.find('>');
  uint64_t priority = 0;
  if (close == std::string_view::npos || close > kMaxDigits + 1 ||
      !parse_decimal(text.substr(1, close - 1), priority) || priority > kMaxPriority)
    return {};
  return text.substr(close + 1);
}

// "1 2024-", "Oct 11 22:14:15".
bool begins_as_message(std::string_view text) noexcept {
  if (text.size() < 8) return false;
  if (text.starts_with("1 20") || text.starts_with("1 19") || text.starts_with("1 - ")) return true;
  const bool has_month =
      std::find(std::begin(kMonths), std::end(kMonths), text.substr(0, 3)) != std::end(kMonths);
  return has_month && text[3] == ' ' && (text[4] == ' ' || (text[4] >= '0' && text[4] <= '3')) &&
         text[5] >= '0' && text[5] <= '9' && text[6] == ' ';
}

// Octet counting: "123 <34>1 2024-".
std::string_view without_count(std::string_view text) noexcept {
  std::string_view rest = text;
  uint64_t count = 0;
  return parse_decimal(take_word(rest, ' '), count) ? rest : text;
}

pktana_match probe_syslog(const pktana_probe* raw) noexcept {
  constexpr size_t kMinText = 8;
  constexpr size_t kMaxLook = 64;
  const Probe probe(*raw);
  std::string_view text = text_of(probe.latest());
  if (probe.is_tcp()) text = without_count(text);
  const std::string_view message = after_priority(text);
  if (begins_as_message(message)) return PKTANA_YES;
  const bool is_text = message.size() >= kMinText && is_printable(message.substr(0, kMinText)) &&
                       message.substr(0, kMaxLook).find('\0') == std::string_view::npos;
  return probe.hinted() && is_text ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kSyslog = recogniser({.name = "syslog",
                                                       .tcp_ports = kPorts,
                                                       .udp_ports = kPorts,
                                                       .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                                      probe_syslog);

}  // namespace pktana::app::internet
