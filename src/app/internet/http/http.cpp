// SPDX-License-Identifier: Apache-2.0
// The http dissector: HTTP/0.9 to HTTP/1.1 (RFC 9112).
#include "app/internet/dissectors.h"
#include "app/internet/http/http_flow.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {80, 81, 8000, 8008, 8080, 8081, 8888, 3128, 0};
constexpr const char* kEvents[] = {"http", nullptr};

// A request line so long that its end is not there yet is taken for one at this length.
constexpr size_t kEnoughOfALine = 1024;
constexpr size_t kMaxMethodLen = 16;
constexpr size_t kStatusLineStart = 12;  // "HTTP/1.1 200"

// No blank yet: capital letters only may become a method.
bool may_become_method(std::string_view text) noexcept {
  return text.size() < kMaxMethodLen &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

pktana_match match_request(std::string_view text, bool hinted) noexcept {
  if (may_become_method(text)) return PKTANA_MAYBE;
  std::string_view rest = text;
  std::string_view line;
  if (take_line(rest, line)) {
    if (line.starts_with("PRI ")) return PKTANA_NO;  // HTTP/2
    if (http::is_surely_request(line)) return PKTANA_YES;
    return hinted && http::starts_with_known_method(line) && is_printable(line) ? PKTANA_YES
                                                                                : PKTANA_NO;
  }
  if (!http::starts_with_known_method(text) || !is_printable_so_far(text)) return PKTANA_NO;
  return text.size() >= kEnoughOfALine ? PKTANA_YES : PKTANA_MAYBE;
}

pktana_match match_response(std::string_view text) noexcept {
  constexpr std::string_view kStart = "HTTP/";
  if (text.size() < kStart.size()) return kStart.starts_with(text) ? PKTANA_MAYBE : PKTANA_NO;
  if (!text.starts_with(kStart)) return PKTANA_NO;
  if (text.size() < kStatusLineStart) return PKTANA_MAYBE;
  http::StatusLine status;
  return http::parse_status_line(text.substr(0, kStatusLineStart), status) && status.status >= 100
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match match_direction(std::string_view text, bool hinted) noexcept {
  // Bytes of one direction alone may be the middle of something on a port of HTTP.
  if (text.empty()) return hinted ? PKTANA_MAYBE : PKTANA_NO;
  const pktana_match response = match_response(text);
  return response != PKTANA_NO ? response : match_request(text, hinted);
}

pktana_match probe_http(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const pktana_match there = match_direction(text_of(probe.to_server()), probe.hinted());
  const pktana_match back = match_direction(text_of(probe.to_client()), probe.hinted());
  if (there == PKTANA_YES || back == PKTANA_YES) return PKTANA_YES;
  return there == PKTANA_MAYBE || back == PKTANA_MAYBE ? PKTANA_MAYBE : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kHttp =
    dissector_of<http::HttpFlow>({.name = "http",
                                  .events = kEvents,
                                  .tcp_ports = kPorts,
                                  .flags = PKTANA_SETS_ATTRIBUTES,
                                  .priority = 50},
                                 probe_http);

}  // namespace pktana::app::internet
