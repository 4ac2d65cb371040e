// SPDX-License-Identifier: Apache-2.0
// LDAP (RFC 4511) over TCP and UDP: a request and all that answers it is one ldap event. StartTLS
// gives the rest of the flow to TLS.
#include <algorithm>
#include <vector>

#include "app/ber.h"
#include "app/enterprise/enterprise.h"
#include "app/enterprise/ldap/ldap_message.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "ldap";
constexpr size_t kMaxMessage = 60000;    ///< a longer one is skipped
constexpr size_t kMaxRequest = 4096;     ///< kept of a request until it is answered
constexpr size_t kMaxResponses = 12288;  ///< kept of the answers to one request, all together
constexpr size_t kMaxOpen = 16;

class Ldap {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (flow.info().protocol == PKTANA_UDP) {
      (void)take(flow, chunk, chunk.bytes);
      return more(0);
    }
    const BerHeadResult found = ber_head(chunk.bytes);
    if (found.is_malformed || (!chunk.bytes.empty() && chunk.bytes[0] != kBerSequence))
      return kDone;  // SASL protection, or what it is: not to be read from here on
    if (!found.head) return wait_for(chunk);
    const size_t whole = found.head->head_len + found.head->value_len;
    if (whole > kMaxMessage) return more(whole);
    if (chunk.bytes.size() < whole) return wait_for(chunk, whole);
    if (!take(flow, chunk, chunk.bytes.first(whole))) return more(whole);
    flow.change_protocol(nullptr);
    return change(whole);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept {
    for (const Open& open : open_)
      show(flow, open, ts_ns);
    open_.clear();
  }

 private:
  struct Open {
    int64_t id = 0;
    uint8_t client = PKTANA_TO_SERVER;  ///< direction of requests
    bool is_start_tls = false;
    std::vector<uint8_t> request;  ///< empty: picked up behind it
    std::vector<std::vector<uint8_t>> responses;
    size_t response_bytes = 0;
  };

  /// @return whether TLS follows.
  [[nodiscard]] bool take(const Flow& flow, const Chunk& chunk, Bytes bytes) noexcept {
    const std::optional<LdapMessage> message = parse_ldap(bytes);
    if (!message) return false;
    if (is_request(message->operation)) {
      begin(flow, chunk, *message, bytes);
      return false;
    }
    auto open = std::find_if(open_.begin(), open_.end(),
                             [&](const Open& one) { return one.id == message->id; });
    if (open == open_.end()) {
      make_room(flow, chunk.ts_ns);
      open_.push_back({.id = message->id, .client = other(chunk.direction)});
      open = open_.end() - 1;
    }
    if (open->response_bytes + bytes.size() <= kMaxResponses) {
      open->responses.emplace_back(bytes.begin(), bytes.end());
      open->response_bytes += bytes.size();
    }
    if (!is_final(message->operation)) return false;
    const bool tls_follows = open->is_start_tls && ldap_result(*message) == 0;
    show(flow, *open, chunk.ts_ns);
    open_.erase(open);
    return tls_follows;
  }

  void begin(const Flow& flow, const Chunk& chunk, const LdapMessage& message,
             Bytes bytes) noexcept {
    make_room(flow, chunk.ts_ns);
    Open open{.id = message.id, .client = chunk.direction};
    open.is_start_tls = ldap_extension(message) == kLdapStartTls;
    if (bytes.size() <= kMaxRequest) open.request.assign(bytes.begin(), bytes.end());
    if (is_unanswered(message.operation)) return show(flow, open, chunk.ts_ns);
    open_.push_back(std::move(open));
  }

  void make_room(const Flow& flow, int64_t ts_ns) noexcept {
    if (open_.size() < kMaxOpen) return;
    show(flow, open_.front(), ts_ns);
    open_.erase(open_.begin());
  }

  static void show(const Flow& flow, const Open& open, int64_t ts_ns) noexcept {
    if (!flow.wants(kEvent) || (open.request.empty() && open.responses.empty())) return;
    Event event = flow.event(kEvent, open.client, ts_ns);
    if (const auto request = parse_ldap(open.request)) {
      Object object = event.object("request");
      object.number("message_id", static_cast<uint64_t>(request->id));
      show_ldap_request(object, *request);
    }
    if (open.responses.empty()) return;
    Array responses = event.array("responses");
    for (const std::vector<uint8_t>& bytes : open.responses) {
      const std::optional<LdapMessage> response = parse_ldap(bytes);
      if (!response) continue;
      Object object = responses.object(nullptr);
      if (open.request.empty()) object.number("message_id", static_cast<uint64_t>(response->id));
      show_ldap_response(object, *response);
    }
  }

  std::vector<Open> open_;  ///< oldest first
};

/// A sequence of a small integer and an [APPLICATION n] that exists; what is there of it.
pktana_match ldap_beginning(Bytes bytes) noexcept {
  constexpr uint8_t kClass = 0xc0, kApplication = 0x40;
  const BerHeadResult outer = ber_head(bytes);
  if (outer.is_malformed || bytes[0] != kBerSequence) return PKTANA_NO;
  if (!outer.head) return PKTANA_MAYBE;
  const Bytes value = bytes.subspan(outer.head->head_len);
  const BerHeadResult id = ber_head(value);
  if (id.is_malformed || (!value.empty() && value[0] != kBerInteger)) return PKTANA_NO;
  if (!id.head) return PKTANA_MAYBE;
  if (id.head->value_len == 0 || id.head->value_len > 4) return PKTANA_NO;
  const size_t at = id.head->head_len + id.head->value_len;
  if (value.size() <= at) return PKTANA_MAYBE;
  const Bytes operation = value.subspan(at);
  const BerHeadResult head = ber_head(operation);
  if (head.is_malformed || (operation[0] & kClass) != kApplication) return PKTANA_NO;
  if (!head.head) return PKTANA_MAYBE;
  const size_t behind = at + head.head->head_len + head.head->value_len;
  if (behind > outer.head->value_len) return PKTANA_NO;
  const uint8_t number = operation[0] & 0x1f;
  const bool exists = number <= 16 || number == 19 || (number >= 23 && number <= 25);
  if (!exists) return PKTANA_NO;
  // What is behind the operation can be controls only.
  const size_t rest = outer.head->value_len - behind;
  if (rest == 0 || value.size() <= behind) return PKTANA_YES;
  return value[behind] == ber_context(0) ? PKTANA_YES : PKTANA_NO;
}

pktana_match ldap(const Probe& probe) noexcept {
  if (probe.is_tcp()) return either(probe, ldap_beginning);
  const Bytes bytes = probe.latest();
  if (bytes.empty() || !probe.hinted()) return PKTANA_NO;
  return ldap_beginning(bytes) == PKTANA_YES && parse_ldap(bytes) ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {389, 3268, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kLdap = dissector_of<Ldap>({.name = "ldap",
                                                   .events = kEvents,
                                                   .tcp_ports = kPorts,
                                                   .udp_ports = kPorts,
                                                   .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP,
                                                   .flags = PKTANA_SETS_ATTRIBUTES},
                                                  probed<ldap>);

}  // namespace pktana::app::enterprise
