// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include "app/secure/range_buffer.h"
#include "app/secure/tls/dtls_record.h"
#include "app/secure/tls/tls.h"
#include "app/secure/tls/tls_record.h"
#include "app/secure/tls/tls_session.h"

namespace pktana::app::secure {
namespace {

constexpr unsigned kMaxStrange = 64;  // STUN or RTP beside the handshake, until it is given up
constexpr unsigned kMaxRecords = 32;  // of a datagram
constexpr size_t kOpenMessages = 4;   // of one direction that are put together at a time

// Hands on the handshake messages of one direction in their order.
class DtlsHandshake {
 public:
  /// False if what it hands on is no handshake message.
  void take(const DtlsFragment& fragment) {
    if (!begun_) next_ = fragment.sequence;
    begun_ = true;
    const auto ahead = static_cast<uint16_t>(fragment.sequence - next_);
    if (ahead >= kOpenMessages || fragment.message_bytes > kMaxMessage) return;
    if (!open_) open_ = std::make_unique<std::array<Open, kOpenMessages>>();
    Open& open = (*open_)[fragment.sequence % kOpenMessages];
    if (!open.used) {
      open.used = true;
      open.type = fragment.type;
      open.bytes = fragment.message_bytes;
    }
    if (open.type == fragment.type && open.bytes == fragment.message_bytes)
      open.body.insert(fragment.offset, fragment.body);
  }

  /// False while the next message is not whole. It lives until the next call of either.
  [[nodiscard]] bool next(uint8_t& type, Bytes& body) {
    if (!open_) return false;
    if (told_) (*open_)[next_++ % kOpenMessages] = Open();
    told_ = false;
    Open& open = (*open_)[next_ % kOpenMessages];
    if (!open.used || open.body.contiguous().size() != open.bytes) return false;
    type = open.type;
    body = open.body.contiguous();
    told_ = true;
    return true;
  }

 private:
  static constexpr uint32_t kMaxMessage = 65536;
  struct Open {
    bool used = false;
    uint8_t type = 0;
    uint32_t bytes = 0;
    RangeBuffer body{kMaxMessage};
  };

  bool begun_ = false;
  bool told_ = false;
  uint16_t next_ = 0;
  std::unique_ptr<std::array<Open, kOpenMessages>> open_;
};

// The state of one flow.
class Dtls {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    last_ns_ = chunk.ts_ns;
    Reader datagram(chunk.bytes);
    DtlsRecord record;
    unsigned records = 0;
    while (!session_.finished() && records < kMaxRecords && next_dtls_record(datagram, record)) {
      ++records;
      take_record(flow, chunk.direction, record);
    }
    if (records == 0 && ++strange_ >= kMaxStrange) return kDone;
    return session_.finished() ? kDone : more(0);
  }
  void on_end(Flow flow, int64_t ts_ns) noexcept {
    session_.tell(flow, last_ns_ ? last_ns_ : ts_ns);
  }

 private:
  void take_record(Flow flow, uint8_t direction, const DtlsRecord& record) {
    if (record.epoch != 0 || record.type == kApplicationData) {
      session_.on_application_data(direction);
    } else if (record.type == kChangeCipherSpec) {
      session_.on_change_cipher_spec(direction);
    } else if (record.type == kAlert) {
      session_.on_alert(direction);
    } else if (record.type == kHandshake) {
      DtlsHandshake& handshake = handshake_[direction];
      Reader content(record.content);
      DtlsFragment fragment;
      while (next_dtls_fragment(content, fragment))
        handshake.take(fragment);
      uint8_t type = 0;
      Bytes body;
      while (!session_.finished() && handshake.next(type, body))
        session_.on_message(flow, direction, type, body);
    }
  }

  DtlsHandshake handshake_[2];
  TlsSession session_{'d'};
  unsigned strange_ = 0;
  int64_t last_ns_ = 0;
};

pktana_match probe_dtls(const pktana_probe* raw) {
  return looks_like_dtls(Probe(*raw).latest()) ? PKTANA_YES : PKTANA_NO;
}

constexpr const char* kEvents[] = {"tls", nullptr};
constexpr uint16_t kPorts[] = {443, 853, 4433, 5684, 3391, 10161, 0};

}  // namespace

constinit const pktana_dissector kDtls = dissector_of<Dtls>({.name = "dtls",
                                                             .events = kEvents,
                                                             .udp_ports = kPorts,
                                                             .protocols = PKTANA_ON_UDP,
                                                             .flags = PKTANA_SETS_ATTRIBUTES,
                                                             .priority = 30},
                                                            probe_dtls);

}  // namespace pktana::app::secure
