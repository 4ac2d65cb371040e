// SPDX-License-Identifier: Apache-2.0
// The ntp dissector (RFC 5905; control messages RFC 9327): one event a packet of the time protocol.
#include "app/internet/dissectors.h"
#include "app/internet/text.h"
#include "app/reader.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {123, 0};
constexpr const char* kEvents[] = {"ntp", nullptr};

constexpr size_t kHeaderLen = 48;
constexpr size_t kControlLen = 12;
constexpr size_t kPrivateLen = 8;
constexpr uint8_t kMaxStratum = 16;
constexpr uint8_t kClient = 3;
constexpr uint8_t kServer = 4;
constexpr uint8_t kControl = 6;
constexpr uint8_t kPrivate = 7;
constexpr uint32_t kMaxTurnaroundS = 2;  // between a server's receive and transmit times

struct Packet {
  uint8_t version = 0;
  uint8_t mode = 0;
  uint8_t stratum = 0;
  Bytes reference_id;
  uint32_t received_s = 0;
  uint32_t sent_s = 0;
  bool is_whole = false;
};

Packet parse(Bytes datagram) noexcept {
  Reader reader(datagram);
  const uint8_t first = reader.u8();
  Packet packet{.version = static_cast<uint8_t>((first >> 3) & 7),
                .mode = static_cast<uint8_t>(first & 7),
                .stratum = reader.u8()};
  reader.skip(10);  // poll, precision, root delay and dispersion
  packet.reference_id = reader.take(4);
  reader.skip(16);  // reference and origin time
  packet.received_s = reader.u32();
  reader.skip(4);
  packet.sent_s = reader.u32();
  reader.skip(4);
  packet.is_whole = reader.ok();
  return packet;
}

bool is_time(const Packet& packet) noexcept {
  return packet.is_whole && packet.mode >= 1 && packet.mode <= 5 && packet.stratum <= kMaxStratum;
}

bool is_on_its_port(const Packet& packet, size_t len) noexcept {
  if (packet.version < 1 || packet.version > 4) return false;
  if (packet.mode == kControl) return len >= kControlLen;
  if (packet.mode == kPrivate) return len >= kPrivateLen;
  return is_time(packet);
}

// On other ports nothing but an answer shows enough: times that lie close to each other.
bool is_sure_answer(const Packet& packet, size_t len) noexcept {
  return len == kHeaderLen && is_time(packet) && packet.mode == kServer && packet.version >= 3 &&
         packet.version <= 4 && packet.stratum > 0 && packet.stratum < kMaxStratum &&
         packet.received_s != 0 && packet.sent_s >= packet.received_s &&
         packet.sent_s - packet.received_s <= kMaxTurnaroundS;
}

// A name for a server that has its time from a clock or refuses, else the address of its server.
AddressText reference_text(const Packet& packet) noexcept {
  if (packet.stratum > 1) return address_text(packet.reference_id);
  AddressText text;
  std::string_view rest = text_of(packet.reference_id);
  text.add(take_word(rest, '\0'));
  return text;
}

class NtpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    if (!flow.wants("ntp")) return kDone;
    const Packet packet = parse(chunk.bytes);
    if (!is_time(packet)) return more(0);
    Event event = flow.event("ntp", chunk.direction, chunk.ts_ns);
    event.number("version", packet.version);
    event.number("mode", packet.mode);
    event.number("stratum", packet.stratum);
    if (packet.mode != kClient) event.text("reference_id", reference_text(packet).view());
    return more(0);
  }
};

pktana_match probe_ntp(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const Bytes bytes = probe.latest();
  const Packet packet = parse(bytes);
  if (probe.hinted() && is_on_its_port(packet, bytes.size())) return PKTANA_YES;
  return is_sure_answer(packet, bytes.size()) ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kNtp = dissector_of<NtpFlow>(
    {.name = "ntp", .events = kEvents, .udp_ports = kPorts, .protocols = PKTANA_ON_UDP}, probe_ntp);

}  // namespace pktana::app::internet
