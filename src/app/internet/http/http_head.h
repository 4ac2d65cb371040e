// SPDX-License-Identifier: Apache-2.0
// Lines of HTTP/1 messages (RFC 9112): start lines, fields, and what names a host. Pure parsing.
#pragma once

#include <string_view>

#include "app/internet/text.h"

namespace pktana::app::internet::http {

struct RequestLine {
  std::string_view method;
  std::string_view target;
  std::string_view version;  ///< "HTTP/1.1"; empty for HTTP/0.9
};

/// What blanks separate, taken as it is: a line of one word is a method alone. False if the line
/// is empty or not text.
[[nodiscard]] bool parse_request_line(std::string_view line, RequestLine& request) noexcept;

/// A request line that nobody else would write: a method of capital letters, a target, HTTP/x.y.
[[nodiscard]] bool is_surely_request(std::string_view line) noexcept;

/// One of the methods of RFC 9110, PATCH, or WebDAV, followed by a blank.
[[nodiscard]] bool starts_with_known_method(std::string_view text) noexcept;

struct StatusLine {
  std::string_view version;
  unsigned status = 0;  ///< 0 if it is not a number
};

/// False unless the line begins with "HTTP/x.y ".
[[nodiscard]] bool parse_status_line(std::string_view line, StatusLine& status) noexcept;

/// Splits "Name: value". False if there is no colon.
[[nodiscard]] bool parse_field(std::string_view line, std::string_view& name,
                               std::string_view& value) noexcept;

struct HostPort {
  std::string_view host;
  uint64_t port = 0;
  bool has_port = false;
};

/// "host", "host:80", "[::1]:80" (RFC 9110 section 7.2).
[[nodiscard]] HostPort parse_host(std::string_view text) noexcept;

/// The authority of a request target in absolute or authority form; empty for "/path" and "*".
[[nodiscard]] std::string_view authority_of(std::string_view method,
                                            std::string_view target) noexcept;

struct ContentRange {
  uint64_t start = 0, end = 0, size = 0;
  bool has_range = false, has_size = false;
};

/// "bytes 0-575/1000", either side may be "*" (RFC 9110 section 14.4). False if malformed.
[[nodiscard]] bool parse_content_range(std::string_view text, ContentRange& range) noexcept;

/// `list` has `word` among its comma-separated elements, whatever the case.
[[nodiscard]] bool has_token(std::string_view list, std::string_view word) noexcept;

}  // namespace pktana::app::internet::http
