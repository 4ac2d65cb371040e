// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/tls.h"

#include <algorithm>

#include "app/secure/tls/handshake_stream.h"
#include "app/secure/tls/tls_record.h"
#include "app/secure/tls/tls_session.h"

namespace pktana::app::secure {
namespace {

constexpr uint64_t kSkipAll = uint64_t{1} << 40;  // the direction has nothing more to tell

struct Direction {
  HandshakeStream handshake;
  bool begun = false;   // a record has been seen
  bool opaque = false;  // encrypted from here on, or a gap lost the place of the records
};

// The state of one flow. Either direction may come first, the flow may be in the middle of
// something: whatever is a record is taken as such.
class Tls {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept;
  pktana_step on_gap(Flow, uint8_t direction, uint64_t) noexcept {
    direction_[direction].opaque = true;
    const bool other_is_opaque = direction_[1 - direction].opaque;
    return session_.has_server() || other_is_opaque ? kDone : more(0);
  }
  void on_end(Flow flow, int64_t ts_ns) noexcept {
    session_.tell(flow, last_ns_ ? last_ns_ : ts_ns);
  }

 private:
  enum class Next { Record, Wait, Lost };
  Next take_record(Flow flow, const Chunk& chunk, uint64_t& consumed, uint64_t& need);
  void take_content(Flow flow, uint8_t direction, const RecordHeader& header, Bytes content);
  void take_ssl2(Flow flow, uint8_t direction, const Ssl2Hello& hello);

  Direction direction_[2];
  TlsSession session_{'t'};
  int64_t last_ns_ = 0;
};

pktana_step Tls::on_chunk(Flow flow, const Chunk& chunk) noexcept {
  if (direction_[chunk.direction].opaque) return more(kSkipAll);
  last_ns_ = chunk.ts_ns;
  uint64_t consumed = 0;
  uint64_t need = 0;
  Next next = Next::Record;
  while (next == Next::Record && consumed < chunk.bytes.size() && !session_.finished())
    next = take_record(flow, chunk, consumed, need);
  if (session_.finished()) return kDone;  // on_end tells
  if (next == Next::Lost) return session_.started() ? kDone : kReject;
  return more(consumed, need);
}

Tls::Next Tls::take_record(Flow flow, const Chunk& chunk, uint64_t& consumed, uint64_t& need) {
  Direction& own = direction_[chunk.direction];
  const Bytes bytes = chunk.bytes.subspan(static_cast<size_t>(consumed));
  if (bytes.size() < kRecordHeader) {
    need = kRecordHeader;
    return Next::Wait;
  }
  if (!own.begun && (bytes[0] & 0x80) != 0) {
    const size_t length = 2U + ((bytes[0] & 0x3FU) << 8 | bytes[1]);
    need = length;
    if (bytes.size() < length) return Next::Wait;
    const auto hello = parse_ssl2_hello(bytes);
    if (!hello) return Next::Lost;
    take_ssl2(flow, chunk.direction, *hello);
    own.begun = true;
    need = 0;
    consumed += length;
    return Next::Record;
  }
  const auto header = parse_record_header(bytes);
  if (!header) return Next::Lost;
  const size_t length = kRecordHeader + header->length;
  const bool opaque = header->type == kApplicationData;
  if (!opaque && bytes.size() < length) {
    need = length;
    return Next::Wait;
  }
  own.begun = true;
  consumed += length;
  const size_t here = std::min<size_t>(length, bytes.size());
  take_content(flow, chunk.direction, *header, bytes.first(here).subspan(kRecordHeader));
  return bytes.size() < length ? Next::Wait : Next::Record;
}

void Tls::take_content(Flow flow, uint8_t direction, const RecordHeader& header, Bytes content) {
  Direction& own = direction_[direction];
  if (header.type == kHandshake) {
    own.handshake.feed(content);
    HandshakeMessage message;
    while (!own.opaque && !session_.finished() && own.handshake.next(message))
      own.opaque = !session_.on_message(flow, direction, message.type, message.body);
  } else if (header.type == kChangeCipherSpec) {
    session_.on_change_cipher_spec(direction);
  } else if (header.type == kApplicationData) {
    session_.on_application_data(direction);
  } else if (header.type == kAlert) {
    session_.on_alert(direction);
  }
}

void Tls::take_ssl2(Flow flow, uint8_t direction, const Ssl2Hello& hello) {
  if (hello.from_client)
    session_.on_ssl2_client(direction);
  else
    session_.on_ssl2_server(flow, direction, hello.certificate);
}

pktana_match probe_tls(const pktana_probe* raw) {
  const Probe probe(*raw);
  const TlsGuess latest = guess_tls(probe.latest());
  if (latest.yes) return PKTANA_YES;
  // One end that speaks something else rules it out.
  if (!latest.unsure) return PKTANA_NO;
  const TlsGuess other = guess_tls(probe.first(1 - probe.direction()));
  if (other.yes) return PKTANA_YES;
  return other.unsure ? PKTANA_MAYBE : PKTANA_NO;
}

constexpr const char* kEvents[] = {"tls", nullptr};
constexpr uint16_t kPorts[] = {443, 853, 993, 995, 465, 636, 8443, 989, 990, 5061, 5671, 8883, 0};

}  // namespace

constinit const pktana_dissector kTls = dissector_of<Tls>({.name = "tls",
                                                           .events = kEvents,
                                                           .tcp_ports = kPorts,
                                                           .protocols = PKTANA_ON_TCP,
                                                           .flags = PKTANA_SETS_ATTRIBUTES,
                                                           .priority = 20},
                                                          probe_tls);

}  // namespace pktana::app::secure
