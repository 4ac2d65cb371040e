// SPDX-License-Identifier: Apache-2.0
// Recognises SSDP (UPnP Device Architecture 2.0 section 1): HTTP's first lines over UDP.
#include "app/internet/dissectors.h"
#include "app/internet/text.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {1900, 0};

pktana_match probe_ssdp(const pktana_probe* raw) noexcept {
  const std::string_view text = text_of(Probe(*raw).latest());
  const bool asks = starts_ignoring_case(text, "M-SEARCH * HTTP/1.") ||
                    starts_ignoring_case(text, "NOTIFY * HTTP/1.");
  const bool answers = starts_ignoring_case(text, "HTTP/1.1 200 OK\r\n");
  return asks || answers ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kSsdp =
    recogniser({.name = "ssdp", .udp_ports = kPorts, .protocols = PKTANA_ON_UDP}, probe_ssdp);

}  // namespace pktana::app::internet
