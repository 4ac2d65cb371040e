// SPDX-License-Identifier: Apache-2.0
// The sip dissector: every message an event, over UDP and TCP.
#include "app/internet/dissectors.h"
#include "app/internet/sip/sip_message.h"

namespace pktana::app::internet {

namespace {

using sip::Message;

constexpr uint16_t kPorts[] = {5060, 0};
constexpr const char* kEvents[] = {"sip", nullptr};
constexpr size_t kMaxMessageLen = 16384;  // kept of one on TCP

void write_message(const Flow& flow, const Chunk& chunk, const Message& message) noexcept {
  if (!flow.wants("sip")) return;
  Event event = flow.event("sip", chunk.direction, chunk.ts_ns);
  if (message.is_request) {
    event.text("method", message.method);
    event.text("uri", message.uri);
    event.text("version", message.version);
  } else {
    event.text("version", message.version);
    event.text("code", message.code);
    event.text("reason", message.reason);
  }
  if (message.has_sdp && !message.body.empty()) sip::write_sdp(event, message.body);
  event.text(message.is_request ? "request_line" : "response_line", message.first_line);
}

class SipFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    if (!flow.wants("sip")) return kDone;
    if (!is_transport_known_) {
      is_tcp_ = flow.info().protocol == PKTANA_TCP;
      is_transport_known_ = true;
    }
    if (is_tcp_) return on_stream(flow, chunk);
    Message message;
    if (sip::parse_message(text_of(chunk.bytes), message)) write_message(flow, chunk, message);
    return more(0);
  }

  pktana_step on_gap(const Flow&, uint8_t direction, uint64_t) noexcept {
    lost_[direction] = true;
    return more(0);
  }

 private:
  pktana_step on_stream(const Flow& flow, const Chunk& chunk) noexcept {
    size_t at = 0;
    while (at < chunk.bytes.size()) {
      const std::string_view text = text_of(chunk.bytes.subspan(at));
      if (text[0] == '\r' || text[0] == '\n') {  // keep-alives, RFC 5626
        ++at;
        continue;
      }
      const sip::Match match = sip::match_first_line(text);
      if (match == sip::Match::No) return on_stray(chunk);
      lost_[chunk.direction] = false;
      Message message;
      const size_t used = match == sip::Match::Yes ? message_len(text, message) : 0;
      if (used > kMaxMessageLen) {  // shown without its body, which is skipped
        message.body = {};
        write_message(flow, chunk, message);
        return more(at + used);
      }
      if (used > text.size() || used == 0) {
        if (text.size() < kMaxMessageLen && !chunk.ended) return more(at);
        return on_stray(chunk);
      }
      write_message(flow, chunk, message);
      at += used;
    }
    return more(at);
  }

  // A stream that was SIP before may be again behind a gap.
  pktana_step on_stray(const Chunk& chunk) noexcept {
    if (!lost_[chunk.direction]) return kDone;
    return more(chunk.bytes.size());
  }

  // 0 if the head is not all there.
  static size_t message_len(std::string_view text, Message& message) noexcept {
    if (!sip::parse_message(text, message) || message.head_len == 0) return 0;
    message.body = message.body.substr(0, message.content_length);
    return message.head_len + message.content_length;
  }

  bool is_transport_known_ = false;
  bool is_tcp_ = false;
  bool lost_[2] = {};
};

pktana_match match(std::string_view text) noexcept {
  switch (sip::match_first_line(text)) {
    case sip::Match::Yes:
      return PKTANA_YES;
    case sip::Match::Maybe:
      return PKTANA_MAYBE;
    default:
      return PKTANA_NO;
  }
}

pktana_match probe_sip(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const pktana_match found = match(text_of(probe.latest()));
  return found == PKTANA_MAYBE && !probe.is_tcp() ? PKTANA_NO : found;
}

}  // namespace

constinit const pktana_dissector kSip =
    dissector_of<SipFlow>({.name = "sip",
                           .events = kEvents,
                           .tcp_ports = kPorts,
                           .udp_ports = kPorts,
                           .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                          probe_sip);

}  // namespace pktana::app::internet
