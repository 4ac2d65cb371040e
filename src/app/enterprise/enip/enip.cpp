// SPDX-License-Identifier: Apache-2.0
// EtherNet/IP over TCP and UDP: a request and the response that repeats its context are one enip
// event, with the CIP message that they carry.
#include <algorithm>
#include <vector>

#include "app/enterprise/enip/enip_message.h"
#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "enip";
constexpr uint16_t kPort = 44818;
constexpr size_t kMaxOpen = 32;
constexpr size_t kLook = 1024;  ///< of each message; the rest is data

class Enip {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    const bool is_datagram = flow.info().protocol == PKTANA_UDP;
    if (chunk.bytes.size() < kEnipHeader)
      return is_datagram ? more(0) : wait_for(chunk, kEnipHeader);
    const size_t whole = enip_length(chunk.bytes);
    if (whole == 0) return is_datagram ? more(0) : kDone;
    const size_t needed = std::min(whole, kEnipHeader + kLook);
    if (chunk.bytes.size() < needed) return is_datagram ? more(0) : wait_for(chunk, needed);
    take(flow, chunk, chunk.bytes.first(needed));
    return more(whole);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept {
    for (const Open& open : open_)
      show(flow, &open, nullptr, ts_ns);
    open_.clear();
  }

 private:
  struct Open {
    std::vector<uint8_t> bytes;
    uint16_t command = 0;
    uint64_t ticket = 0;
  };

  static bool is_unanswered(const EnipMessage& message) noexcept {
    return message.is(EnipCommand::Nop) || message.is(EnipCommand::UnregisterSession);
  }

  void take(const Flow& flow, const Chunk& chunk, Bytes bytes) noexcept {
    const EnipMessage message = parse_enip(bytes);
    const uint64_t ticket = enip_ticket(message);
    if (chunk.direction == asking_.of(flow)) {
      const Open request{{bytes.begin(), bytes.end()}, message.command, ticket};
      if (is_unanswered(message)) return show(flow, &request, nullptr, chunk.ts_ns);
      if (open_.size() == kMaxOpen) {
        show(flow, &open_.front(), nullptr, chunk.ts_ns);
        open_.erase(open_.begin());
      }
      open_.push_back(request);
      return;
    }
    const auto open = std::find_if(open_.begin(), open_.end(), [&](const Open& one) {
      return one.command == message.command && one.ticket == ticket;
    });
    if (open == open_.end()) return show(flow, nullptr, &message, chunk.ts_ns);
    show(flow, &*open, &message, chunk.ts_ns);
    open_.erase(open);
  }

  void show(const Flow& flow, const Open* open, const EnipMessage* response,
            int64_t ts_ns) noexcept {
    if (!flow.wants(kEvent)) return;
    Event event =
        flow.event(kEvent, open != nullptr ? asking_.of(flow) : other(asking_.of(flow)), ts_ns);
    if (open != nullptr) {
      Object object = event.object("request");
      show_enip(object, parse_enip(open->bytes), CipSide::Request);
    }
    if (response == nullptr) return;
    Object object = event.object("response");
    show_enip(object, *response, CipSide::Response);
  }

  std::vector<Open> open_;  ///< oldest first
  AskingSide asking_{kPort};
};

pktana_match enip_message(Bytes bytes) noexcept {
  if (bytes.size() < kEnipHeader) return PKTANA_MAYBE;
  // Some begin with a NOP, which nobody answers.
  const bool nop = le16(bytes, 0) == 0 && le32(bytes, 4) == 0 && le32(bytes, 8) == 0;
  if (nop && bytes.size() > kEnipHeader + le16(bytes, 2))
    bytes = bytes.subspan(kEnipHeader + le16(bytes, 2));
  if (bytes.size() < kEnipHeader) return PKTANA_MAYBE;
  const uint16_t command = le16(bytes, 0);
  if (command == 0 || enip_length(bytes) == 0) return PKTANA_NO;
  if (command == static_cast<uint16_t>(EnipCommand::RegisterSession))
    return le16(bytes, 2) == 4 ? PKTANA_YES : PKTANA_NO;
  return PKTANA_YES;
}

pktana_match enip(const Probe& probe) noexcept {
  constexpr auto kRegister = static_cast<uint16_t>(EnipCommand::RegisterSession);
  if (probe.hinted()) return either(probe, enip_message);
  const Bytes bytes = probe.is_tcp() ? probe.to_server() : probe.latest();
  if (bytes.empty()) return PKTANA_MAYBE;
  // Elsewhere only RegisterSession, version 1 without options, is proof.
  if (bytes.size() >= 2 && le16(bytes, 0) != kRegister) return PKTANA_NO;
  const pktana_match match = enip_message(bytes);
  if (match != PKTANA_YES) return probe.is_tcp() ? match : PKTANA_NO;
  return bytes.size() == kEnipHeader + 4 && le16(bytes, 24) == 1 && le16(bytes, 26) == 0
             ? PKTANA_YES
             : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {kPort, 2222, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kEnip = dissector_of<Enip>({.name = "enip",
                                                   .events = kEvents,
                                                   .tcp_ports = kPorts,
                                                   .udp_ports = kPorts,
                                                   .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                                  probed<enip>);

}  // namespace pktana::app::enterprise
