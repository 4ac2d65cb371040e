// SPDX-License-Identifier: Apache-2.0
// The http2 dissector: HTTP/2 in clear (RFC 9113), from its preface or by an upgrade of HTTP/1.1.
#include "app/internet/dissectors.h"
#include "app/internet/http2/http2_flow.h"

namespace pktana::app::internet {

namespace {

constexpr const char* kEvents[] = {"http", nullptr};

pktana_match probe_http2(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  pktana_match match = PKTANA_NO;
  for (const Bytes bytes : {probe.to_server(), probe.to_client()}) {
    const std::string_view text = text_of(bytes).substr(0, http2::kPreface.size());
    if (text == http2::kPreface || http2::is_first_settings(bytes)) return PKTANA_YES;
    if (!text.empty() && http2::kPreface.starts_with(text)) match = PKTANA_MAYBE;
  }
  return match;
}

}  // namespace

constinit const pktana_dissector kHttp2 = dissector_of<http2::Http2Flow>(
    {.name = "http2", .events = kEvents, .flags = PKTANA_SETS_ATTRIBUTES, .priority = 40},
    probe_http2);

}  // namespace pktana::app::internet
