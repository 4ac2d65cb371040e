// SPDX-License-Identifier: Apache-2.0
#include "app/internet/sip/sip_message.h"

#include <algorithm>

namespace pktana::app::internet::sip {

namespace {

constexpr std::string_view kVersionStart = "SIP/";
constexpr size_t kMaxMethodLen = 20;
constexpr size_t kMaxFirstLineLen = 1024;

bool is_version(std::string_view text) noexcept {
  return text.size() == 7 && text.starts_with(kVersionStart) && text[5] == '.';
}

bool is_method(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxMethodLen &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool parse_first_line(std::string_view line, Message& message) noexcept {
  std::string_view rest = line;
  const std::string_view first = take_word(rest, ' ');
  message.first_line = line;
  if (is_version(first)) {
    uint64_t code = 0;
    message.version = first;
    message.code = take_word(rest, ' ');
    message.reason = rest;
    return message.code.size() == 3 && parse_decimal(message.code, code);
  }
  message.is_request = true;
  message.method = first;
  message.uri = take_word(rest, ' ');
  message.version = rest;
  return is_method(first) && !message.uri.empty() && is_version(rest);
}

void on_field(std::string_view line, Message& message) noexcept {
  std::string_view value = line;
  const std::string_view name = trimmed(take_word(value, ':'));
  value = trimmed(value);
  if (equal_ignoring_case(name, "content-type") || equal_ignoring_case(name, "c"))
    message.has_sdp = starts_ignoring_case(value, "application/sdp");
  if (equal_ignoring_case(name, "content-length") || equal_ignoring_case(name, "l")) {
    uint64_t length = 0;
    if (parse_decimal(value, length)) message.content_length = length;
  }
}

}  // namespace

Match match_first_line(std::string_view text) noexcept {
  std::string_view rest = text;
  std::string_view line;
  Message message;
  if (take_line(rest, line))
    return is_printable(line) && parse_first_line(line, message) ? Match::Yes : Match::No;
  if (text.size() >= kMaxFirstLineLen || text.empty()) return Match::No;
  rest = text;
  const std::string_view first = take_word(rest, ' ');
  const bool may_be = first.size() == text.size() && kVersionStart.starts_with(text.substr(0, 4));
  return may_be || is_method(first) || is_version(first) ? Match::Maybe : Match::No;
}

bool parse_message(std::string_view text, Message& message) noexcept {
  std::string_view rest = text;
  std::string_view line;
  if (!take_line(rest, line)) {
    line = rest;
    rest = {};
  }
  if (!parse_first_line(line, message)) return false;
  while (take_line(rest, line)) {
    if (line.empty()) {
      message.body = rest;
      message.head_len = text.size() - rest.size();
      break;
    }
    on_field(line, message);
  }
  return true;
}

}  // namespace pktana::app::internet::sip
