// SPDX-License-Identifier: Apache-2.0
// Recognises RTSP (RFC 7826, RFC 2326) by the version in the first line of a request or response.
#include "app/internet/dissectors.h"
#include "app/internet/text.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {554, 8554, 7070, 0};
constexpr size_t kMaxLine = 1024;
constexpr std::string_view kVersion = "RTSP/";

pktana_match match(std::string_view text) noexcept {
  if (text.starts_with(kVersion)) return PKTANA_YES;
  std::string_view rest = text;
  std::string_view line;
  if (take_line(rest, line)) {
    const size_t blank = line.rfind(' ');
    const bool has_version =
        blank != std::string_view::npos && line.substr(blank + 1).starts_with(kVersion);
    return has_version && line[0] >= 'A' && line[0] <= 'Z' && is_printable(line) ? PKTANA_YES
                                                                                 : PKTANA_NO;
  }
  const bool may_be = kVersion.starts_with(text.substr(0, kVersion.size())) ||
                      (text[0] >= 'A' && text[0] <= 'Z' && is_printable_so_far(text));
  return text.size() < kMaxLine && may_be ? PKTANA_MAYBE : PKTANA_NO;
}

pktana_match probe_rtsp(const pktana_probe* raw) noexcept {
  const std::string_view text = text_of(Probe(*raw).latest());
  return text.empty() ? PKTANA_MAYBE : match(text);
}

}  // namespace

constinit const pktana_dissector kRtsp =
    recogniser({.name = "rtsp", .tcp_ports = kPorts}, probe_rtsp);

}  // namespace pktana::app::internet
