// SPDX-License-Identifier: Apache-2.0
// The tftp dissector (RFC 1350, options RFC 2347): requests are events, and name the transfer's
// flow, which the server opens from a port of its own.
#include <algorithm>
#include <array>

#include "app/internet/dissectors.h"
#include "app/internet/text.h"
#include "app/reader.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {69, 0};
constexpr const char* kEvents[] = {"tftp", nullptr};
constexpr uint16_t kRead = 1;
constexpr uint16_t kWrite = 2;

struct Request {
  uint16_t opcode = 0;
  std::string_view file;
  std::string_view mode;
};

bool is_known_mode(std::string_view mode) noexcept {
  return equal_ignoring_case(mode, "octet") || equal_ignoring_case(mode, "netascii") ||
         equal_ignoring_case(mode, "mail");
}

// False unless it is a request, whole, with a known mode.
bool parse_request(Bytes datagram, Request& request) noexcept {
  Reader reader(datagram);
  request.opcode = reader.u16();
  if (request.opcode != kRead && request.opcode != kWrite) return false;
  std::string_view rest = text_of(reader.rest());
  if (rest.empty() || rest.back() != '\0') return false;
  request.file = take_word(rest, '\0');
  request.mode = take_word(rest, '\0');
  return is_printable(request.file) && is_known_mode(request.mode);
}

class TftpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    Request request;
    if (!parse_request(chunk.bytes, request)) return kDone;  // the transfer itself
    flow.expect(PKTANA_UDP, true, flow.info().client_port, "tftp");
    if (!flow.wants("tftp")) return more(0);
    std::array<char, 16> mode{};
    const size_t length = std::min(request.mode.size(), mode.size());
    std::transform(request.mode.begin(), request.mode.begin() + static_cast<ptrdiff_t>(length),
                   mode.begin(), lower);
    Event event = flow.event("tftp", chunk.direction, chunk.ts_ns);
    event.text("packet", request.opcode == kRead ? "read" : "write");
    event.text("file", request.file);
    event.text("mode", {mode.data(), length});
    return more(0);
  }
};

pktana_match probe_tftp(const pktana_probe* raw) noexcept {
  Request request;
  return parse_request(Probe(*raw).latest(), request) ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kTftp = dissector_of<TftpFlow>(
    {.name = "tftp", .events = kEvents, .udp_ports = kPorts, .protocols = PKTANA_ON_UDP},
    probe_tftp);

}  // namespace pktana::app::internet
