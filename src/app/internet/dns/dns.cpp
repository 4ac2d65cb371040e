// SPDX-License-Identifier: Apache-2.0
// The DNS dissectors: dns over UDP and TCP (RFC 1035, RFC 7766), mdns (RFC 6762), llmnr (RFC 4795).
#include <algorithm>

#include "app/internet/dissectors.h"
#include "app/internet/dns/dns_event.h"
#include "app/internet/dns/dns_probe.h"

namespace pktana::app::internet {

namespace {

constexpr size_t kLengthLen = 2;  // before each message on TCP
constexpr uint16_t kDnsPorts[] = {53, 0};
constexpr uint16_t kMdnsPorts[] = {5353, 0};
constexpr uint16_t kLlmnrPorts[] = {5355, 0};
constexpr const char* kDnsEvents[] = {"dns", nullptr};
constexpr const char* kMdnsEvents[] = {"mdns", nullptr};
constexpr const char* kLlmnrEvents[] = {"llmnr", nullptr};

// A message is shown if it can be read, or as far as it was captured.
bool is_worth_showing(const dns::Message& message, bool cut) noexcept {
  if (message.state() == dns::Message::State::Whole) return true;
  return cut && message.state() == dns::Message::State::Cut &&
         message.count(dns::Questions) == message.header().counts[dns::Questions];
}

class DnsFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    if (!is_tcp_known_) learn_transport(flow);
    if (is_tcp_) return on_stream(flow, chunk);
    on_message(flow, chunk, chunk.bytes);
    return more(0);
  }

  pktana_step on_gap(const Flow&, uint8_t direction, uint64_t) noexcept {
    lost_[direction] = true;  // where the next message begins is not known any more
    return lost_[0] && lost_[1] ? kDone : more(0);
  }

 private:
  void learn_transport(const Flow& flow) noexcept {
    is_tcp_ = flow.info().protocol == PKTANA_TCP;
    is_tcp_known_ = true;
  }

  pktana_step on_stream(const Flow& flow, const Chunk& chunk) noexcept {
    if (lost_[chunk.direction]) return more(chunk.bytes.size());
    size_t at = 0;
    while (chunk.bytes.size() - at >= kLengthLen) {
      const size_t length = base::load_be<uint16_t>(&chunk.bytes[at]);
      const size_t total = kLengthLen + length;
      if (total > PKTANA_PENDING_BYTES) return more(at + total);
      if (chunk.bytes.size() - at < total) return more(at, total);
      on_message(flow, chunk, chunk.bytes.subspan(at + kLengthLen, length));
      at += total;
    }
    return more(at, kLengthLen);
  }

  void on_message(const Flow& flow, const Chunk& chunk, Bytes bytes) noexcept {
    const dns::Message message(bytes);
    if (!is_worth_showing(message, chunk.cut)) return;
    if (flow.wants("dns")) {
      Event event = flow.event("dns", chunk.direction, chunk.ts_ns);
      write_dns(event, message, tx_id_);
    }
    ++tx_id_;
    if (message.header().is_response()) learn_names(flow, message);
  }

  uint64_t tx_id_ = 0;
  bool is_tcp_known_ = false;
  bool is_tcp_ = false;
  bool lost_[2] = {};
};

class MdnsFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    const dns::Message message(chunk.bytes);
    if (flow.wants("mdns") && is_worth_showing(message, chunk.cut)) {
      Event event = flow.event("mdns", chunk.direction, chunk.ts_ns);
      write_mdns(event, message);
    }
    return more(0);
  }
};

class LlmnrFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    const dns::Message message(chunk.bytes);
    if (!is_worth_showing(message, chunk.cut)) return more(0);
    if (flow.wants("llmnr")) {
      Event event = flow.event("llmnr", chunk.direction, chunk.ts_ns);
      write_llmnr(event, message, tx_id_);
    }
    ++tx_id_;
    if (message.header().is_response()) learn_names(flow, message);
    return more(0);
  }

 private:
  uint64_t tx_id_ = 0;
};

pktana_match probe_udp(const Probe& probe) noexcept {
  const Bytes bytes = probe.latest();
  if (probe.hinted() && dns::looks_like_dns(bytes)) return PKTANA_YES;
  return dns::is_surely_dns(bytes) ? PKTANA_YES : PKTANA_NO;
}

pktana_match probe_tcp(const Probe& probe) noexcept {
  const Bytes bytes = probe.latest();
  if (bytes.size() < kLengthLen + dns::kHeaderLen) return PKTANA_MAYBE;
  const size_t length = base::load_be<uint16_t>(bytes.data());
  if (length < dns::kHeaderLen) return PKTANA_NO;
  const Bytes all = bytes.subspan(kLengthLen);
  const Bytes message = all.first(std::min(length, all.size()));
  if (probe.hinted() && dns::looks_like_dns(message)) return PKTANA_YES;
  return message.size() == length && dns::is_surely_dns(message) ? PKTANA_YES : PKTANA_NO;
}

pktana_match probe_dns(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  return probe.is_tcp() ? probe_tcp(probe) : probe_udp(probe);
}

pktana_match probe_local(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  return probe.hinted() && dns::looks_like_dns(probe.latest()) ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kDns =
    dissector_of<DnsFlow>({.name = "dns",
                           .events = kDnsEvents,
                           .tcp_ports = kDnsPorts,
                           .udp_ports = kDnsPorts,
                           .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP,
                           .flags = PKTANA_SETS_ATTRIBUTES},
                          probe_dns);
constinit const pktana_dissector kMdns = dissector_of<MdnsFlow>(
    {.name = "mdns", .events = kMdnsEvents, .udp_ports = kMdnsPorts, .protocols = PKTANA_ON_UDP},
    probe_local);
constinit const pktana_dissector kLlmnr = dissector_of<LlmnrFlow>({.name = "llmnr",
                                                                   .events = kLlmnrEvents,
                                                                   .udp_ports = kLlmnrPorts,
                                                                   .protocols = PKTANA_ON_UDP,
                                                                   .flags = PKTANA_SETS_ATTRIBUTES},
                                                                  probe_local);

}  // namespace pktana::app::internet
