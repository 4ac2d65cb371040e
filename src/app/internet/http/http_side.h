// SPDX-License-Identifier: Apache-2.0
// One direction of an HTTP/1 connection: where its stream stands, and what the fields of the
// message being read say of its body. What messages mean is HttpFlow's.
#pragma once

#include "app/internet/http/http_body.h"
#include "app/internet/http/http_head.h"

namespace pktana::app::internet::http {

inline constexpr size_t kMaxLineLen = 16384;  ///< longer lines are cut, their rest is skipped

struct Side {
  enum class State : uint8_t {
    StartLine,  ///< a message begins, or the connection is over
    Fields,
    InBody,
    Lost,  ///< somewhere in the stream: a chunk that begins with a message ends that
  };

  State state = State::StartLine;
  bool skips_line = false;  ///< the rest of a cut line
  bool has_length = false;
  bool is_chunked = false;
  bool upgrades_websocket = false;
  bool upgrades_http2 = false;
  uint64_t content_length = 0;
  Body body;

  void begin_fields() noexcept {
    state = State::Fields;
    has_length = is_chunked = upgrades_websocket = upgrades_http2 = false;
    content_length = 0;
  }

  /// What frames the body and changes the protocol.
  void on_field(std::string_view name, std::string_view value) noexcept {
    if (equal_ignoring_case(name, "content-length") && !has_length)
      has_length = parse_decimal(value, content_length);
    else if (equal_ignoring_case(name, "transfer-encoding"))
      is_chunked = is_chunked || has_token(value, "chunked");
    else if (equal_ignoring_case(name, "upgrade")) {
      upgrades_websocket = has_token(value, "websocket");
      upgrades_http2 = has_token(value, "h2c");
    }
  }

  /// @param unframed_is_endless the body of a message that doesn't say: the connection's rest, or
  ///        nothing.
  void begin_body(bool unframed_is_endless) noexcept {
    state = State::InBody;
    if (is_chunked)
      body.begin_chunked();
    else if (has_length || !unframed_is_endless)
      body.begin_length(content_length);
    else
      body.begin_endless();
  }
  void begin_no_body() noexcept {
    state = State::InBody;
    body.begin_length(0);
  }
};

/// A line of `text` without its end, and how many bytes it takes with it; `used` is 0 if more is
/// needed to tell.
struct LineCut {
  std::string_view line;
  size_t used = 0;
  bool is_cut = false;  ///< its end is further on
};

[[nodiscard]] inline LineCut cut_line(std::string_view text, bool ended) noexcept {
  std::string_view rest = text;
  std::string_view line;
  if (take_line(rest, line)) return {line, text.size() - rest.size(), false};
  if (text.size() >= kMaxLineLen) return {text, text.size(), true};
  if (ended && !text.empty()) return {text, text.size(), false};
  return {};
}

}  // namespace pktana::app::internet::http
