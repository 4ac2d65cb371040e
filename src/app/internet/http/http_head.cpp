// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http/http_head.h"

#include <algorithm>
#include <iterator>

namespace pktana::app::internet::http {

namespace {

constexpr std::string_view kVersionStart = "HTTP/";
constexpr size_t kMaxMethodLen = 24;

constexpr std::string_view kMethods[] = {"GET",     "POST",      "HEAD",      "PUT",   "DELETE",
                                         "CONNECT", "OPTIONS",   "TRACE",     "PATCH", "PROPFIND",
                                         "MKCOL",   "COPY",      "MOVE",      "LOCK",  "UNLOCK",
                                         "REPORT",  "PROPPATCH", "SUBSCRIBE", "SEARCH"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// "HTTP/1.1"
bool is_version(std::string_view text) noexcept {
  return text.size() == 8 && text.starts_with(kVersionStart) && is_digit(text[5]) &&
         text[6] == '.' && is_digit(text[7]);
}

bool is_method(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxMethodLen &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < ' ' && c != '\t'; });
}

}  // namespace

bool parse_request_line(std::string_view line, RequestLine& request) noexcept {
  if (line.empty() || has_control(line)) return false;
  std::string_view rest = trimmed(line);
  request.method = take_word(rest, ' ');
  rest = trimmed(rest);
  const size_t last = rest.rfind(' ');
  const bool has_version =
      last != std::string_view::npos && rest.substr(last + 1).starts_with(kVersionStart);
  request.version = has_version ? rest.substr(last + 1) : std::string_view();
  request.target = has_version ? trimmed(rest.substr(0, last)) : rest;
  return !request.method.empty();
}

bool is_surely_request(std::string_view line) noexcept {
  RequestLine request;
  return parse_request_line(line, request) && is_method(request.method) &&
         !request.target.empty() && is_version(request.version);
}

bool starts_with_known_method(std::string_view text) noexcept {
  return std::any_of(std::begin(kMethods), std::end(kMethods), [text](std::string_view method) {
    return text.size() > method.size() && text.starts_with(method) && text[method.size()] == ' ';
  });
}

bool parse_status_line(std::string_view line, StatusLine& status) noexcept {
  if (line.size() < 9 || !is_version(line.substr(0, 8)) || line[8] != ' ') return false;
  status.version = line.substr(0, 8);
  std::string_view rest = trimmed(line.substr(9));
  uint64_t code = 0;
  const std::string_view word = take_word(rest, ' ');
  status.status = word.size() == 3 && parse_decimal(word, code) ? static_cast<unsigned>(code) : 0;
  return true;
}

bool parse_field(std::string_view line, std::string_view& name, std::string_view& value) noexcept {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  name = trimmed(line.substr(0, colon));
  value = trimmed(line.substr(colon + 1));
  return true;
}

HostPort parse_host(std::string_view text) noexcept {
  constexpr uint64_t kMaxPort = 65535;
  text = trimmed(text);
  const size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  const size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {.host = text};
  HostPort parsed{.host = text.substr(0, colon)};
  parsed.has_port = parse_decimal(text.substr(colon + 1), parsed.port) && parsed.port <= kMaxPort;
  return parsed;
}

std::string_view authority_of(std::string_view method, std::string_view target) noexcept {
  if (method == "CONNECT")
    return target.substr(0, std::min(target.find_first_of(" /"), target.size()));
  const size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos || scheme_end > target.find_first_of("/?")) return {};
  std::string_view rest = target.substr(scheme_end + 3);
  rest = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
  const size_t user_end = rest.rfind('@');
  return user_end == std::string_view::npos ? rest : rest.substr(user_end + 1);
}

bool parse_content_range(std::string_view text, ContentRange& range) noexcept {
  std::string_view rest = text;
  if (take_word(rest, ' ') != "bytes") return false;
  const std::string_view span = trimmed(take_word(rest, '/'));
  const std::string_view size = trimmed(rest);
  if (span != "*") {
    std::string_view end = span;
    const std::string_view start = take_word(end, '-');
    if (!parse_decimal(start, range.start) || !parse_decimal(end, range.end)) return false;
    range.has_range = true;
  }
  if (size == "*") return true;
  range.has_size = parse_decimal(size, range.size);
  return range.has_size;
}

bool has_token(std::string_view list, std::string_view word) noexcept {
  while (!list.empty())
    if (equal_ignoring_case(trimmed(take_word(list, ',')), word)) return true;
  return false;
}

}  // namespace pktana::app::internet::http
