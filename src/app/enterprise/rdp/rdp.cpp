// SPDX-License-Identifier: Apache-2.0
// RDP (MS-RDPBCGR 2.2.1.1 to 2.2.1.4): the connection request and its confirmation are rdp events;
// where the two agree on TLS, the rest of the flow is given to TLS, else the MCS connection that
// follows is told too.
#include <algorithm>
#include <array>
#include <optional>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"
#include "app/enterprise/rdp/rdp_client.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "rdp";
constexpr size_t kTpkt = 4;
constexpr size_t kX224 = 7;  ///< length, code, two references, class
constexpr uint8_t kRequest = 0xe0, kConfirm = 0xd0;

/// X.224 connection request or confirmation in TPKT, with RDP's negotiation structure.
struct RdpConnection {
  bool is_request = false;
  std::string_view cookie;             ///< after "mstshash="
  std::optional<uint8_t> negotiation;  ///< type: 1 request, 2 response, 3 failure
  uint8_t flags = 0;
  uint32_t value = 0;  ///< protocols wanted, protocol chosen, or failure
};

/// @param bytes  one whole TPKT.
std::optional<RdpConnection> parse_connection(Bytes bytes) noexcept {
  constexpr std::string_view kCookie = "Cookie: mstshash=";
  constexpr size_t kNegotiation = 8;
  if (bytes.size() < kTpkt + kX224) return {};
  RdpConnection out;
  out.is_request = bytes[5] == kRequest;
  if ((!out.is_request && bytes[5] != kConfirm) || bytes[4] + kTpkt + 1u != bytes.size()) return {};
  Bytes rest = bytes.subspan(kTpkt + kX224);
  if (text_of(rest).starts_with("Cookie: ")) {
    const size_t end = text_of(rest).find("\r\n");
    if (end == std::string_view::npos) return {};
    const std::string_view line = text_of(rest).substr(0, end);
    if (line.starts_with(kCookie)) out.cookie = line.substr(kCookie.size());
    rest = rest.subspan(end + 2);
  }
  if (rest.size() >= kNegotiation && rest[0] >= 1 && rest[0] <= 3 && le16(rest, 2) == 8) {
    out.negotiation = rest[0];
    out.flags = rest[1];
    out.value = le32(rest, 4);
  }
  return out;
}

struct BitName {
  uint32_t bit;
  std::string_view name;
};

template <size_t kCount>
void put_bits(Event& event, const char* key, const std::array<BitName, kCount>& names,
              uint32_t bits) noexcept {
  if (bits == 0) return;
  Array array = event.array(key);
  for (const BitName& one : names)
    if ((bits & one.bit) != 0) array.add(one.name);
}

void show_request(Event& event, const RdpConnection& request) noexcept {
  constexpr auto kFlags = std::to_array<BitName>({{1, "restricted_admin_mode_required"},
                                                  {2, "redirected_authentication_mode_required"},
                                                  {8, "correlation_info_present"}});
  event.text("event_type", "initial_request");
  event.text_if("cookie", request.cookie);
  put_bits(event, "flags", kFlags, request.flags);
}

std::string_view protocol_text(uint32_t protocol) noexcept {
  switch (protocol) {
    case 0:
      return "rdp";
    case 1:
      return "ssl";
    case 2:
      return "hybrid";
    case 4:
      return "rds_tls";
    case 8:
      return "hybrid_ex";
    case 16:
      return "rds_aad";
    default:
      return "unknown";
  }
}

std::string_view failure_text(uint32_t code) noexcept {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"ssl required by server", "ssl not allowed by server", "ssl cert not on server",
       "inconsistent flags", "hybrid required by server", "ssl with user auth required by server"});
  return code >= 1 && code <= kNames.size() ? kNames[code - 1] : "unknown failure";
}

void show_confirm(Event& event, const RdpConnection& confirm) noexcept {
  constexpr uint8_t kFailure = 3;
  constexpr auto kFlags = std::to_array<BitName>({{1, "extended_client_data"},
                                                  {2, "dynvc_gfx"},
                                                  {8, "restricted_admin"},
                                                  {16, "redirected_auth"}});
  event.text("event_type", "initial_response");
  if (confirm.negotiation == kFailure) {
    event.number("error_code", confirm.value);
    return event.text("reason", failure_text(confirm.value));
  }
  put_bits(event, "server_supports", kFlags, confirm.flags);
  event.text("protocol", protocol_text(confirm.value));
}

class Rdp {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    constexpr uint8_t kResponse = 2;
    if (chunk.bytes.size() < kTpkt) return wait_for(chunk, kTpkt);
    if (chunk.bytes[0] != 3) return kDone;
    const size_t whole = be16(chunk.bytes, 2);
    if (whole < kTpkt + kX224) return kDone;
    if (chunk.bytes.size() < whole) return wait_for(chunk, whole);
    const Bytes tpkt = chunk.bytes.first(whole);
    const auto connection = parse_connection(tpkt);
    if (!connection) return take_mcs(flow, chunk, tpkt);
    show(flow, chunk, *connection);
    if (connection->is_request || connection->negotiation.value_or(0) == 0) return more(whole);
    if (connection->negotiation != kResponse) return kDone;
    if (connection->value == 0) return more(whole);
    flow.change_protocol(nullptr);
    return change(whole);
  }

 private:
  pktana_step take_mcs(const Flow& flow, const Chunk& chunk, Bytes tpkt) noexcept {
    const auto kind = rdp_mcs_kind(tpkt);
    if (!kind) return kDone;
    const bool is_request = *kind == RdpMcs::ConnectInitial;
    if (flow.wants(kEvent)) {
      Event event = flow.event(kEvent, chunk.direction, chunk.ts_ns);
      event.number("tx_id", ++shown_);
      event.text("event_type", is_request ? "connect_request" : "connect_response");
      if (is_request) show_rdp_client(event, tpkt);
    }
    return is_request ? more(tpkt.size()) : kDone;
  }

  void show(const Flow& flow, const Chunk& chunk, const RdpConnection& connection) noexcept {
    if (!flow.wants(kEvent)) return;
    Event event = flow.event(kEvent, chunk.direction, chunk.ts_ns);
    event.number("tx_id", ++shown_);
    if (connection.is_request)
      show_request(event, connection);
    else
      show_confirm(event, connection);
  }

  uint64_t shown_ = 0;
};

/// The request says that it is RDP's by its cookie or its negotiation; without both, on RDP's port,
/// it must be the bare eleven bytes.
pktana_match rdp(const Probe& probe) noexcept {
  constexpr size_t kBare = kTpkt + kX224;
  const Bytes bytes = probe.to_server();
  if (bytes.empty()) return probe.to_client().empty() ? PKTANA_MAYBE : PKTANA_NO;
  if (bytes[0] != 3 || (bytes.size() > 1 && bytes[1] != 0)) return PKTANA_NO;
  if (bytes.size() < kBare) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 2);
  if (bytes[5] != kRequest || len < kBare || len > 512 || bytes[4] + 5u != len) return PKTANA_NO;
  if (bytes.size() < len) return PKTANA_MAYBE;
  const auto request = parse_connection(bytes.first(len));
  if (!request) return PKTANA_NO;
  const bool routed = text_of(bytes.subspan(kBare)).starts_with("Cookie: ");
  if (request->negotiation == 1 || routed) return PKTANA_YES;
  return probe.hinted() && len == kBare && be32(bytes, 6) == 0 ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {3389, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kRdp = dissector_of<Rdp>(
    {.name = "rdp", .events = kEvents, .tcp_ports = kPorts, .flags = PKTANA_SETS_ATTRIBUTES},
    probed<rdp>);

}  // namespace pktana::app::enterprise
