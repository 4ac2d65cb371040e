// SPDX-License-Identifier: Apache-2.0
// RTP (RFC 3550), mostly over UDP. One packet proves little: a UDP flow is taken on trust, without
// a name, until a second one goes on where the first one was; else it is given back.
#include <algorithm>
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kHeader = 12;

struct RtpHeader {
  uint8_t payload_type;
  uint16_t seq;
  uint32_t source;
};

/// Whether the datagram can be RTP at all: version 2, sources and extension within it, a payload
/// type that is not RTCP's.
bool parse_rtp(Bytes bytes, RtpHeader& out) noexcept {
  constexpr uint8_t kExtension = 0x10;
  if (bytes.size() <= kHeader || bytes[0] >> 6 != 2) return false;
  size_t len = kHeader + (bytes[0] & 0x0fu) * 4;
  if ((bytes[0] & kExtension) != 0) {
    if (bytes.size() < len + 4) return false;
    len += 4 + be16(bytes, len + 2) * size_t{4};
  }
  const uint8_t type = bytes[1] & 0x7f;
  const bool assigned = type <= 34 || type >= 96;
  if (bytes.size() < len || !assigned || be32(bytes, 8) == 0) return false;
  out = {.payload_type = type, .seq = be16(bytes, 2), .source = be32(bytes, 8)};
  return true;
}

class Rtp {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (flow.info().protocol == PKTANA_TCP) {  // the probe has seen two packets
      proved_ = true;
      return kDone;
    }
    RtpHeader now{};
    // RTCP, STUN and DTLS may share the ports.
    if (!parse_rtp(chunk.bytes, now)) return ++others_ > kMaxOthers ? kReject : more(0);
    RtpHeader& before = last_[chunk.direction];
    const bool first = before.source == 0;
    const auto step = static_cast<uint16_t>(now.seq - before.seq);
    const bool goes_on = now.source == before.source && step >= 1 && step <= kMaxStep;
    before = now;
    if (goes_on) {
      flow.set_app_proto("rtp");
      proved_ = true;
      return kDone;
    }
    return first ? more(0) : kReject;
  }

  void on_end(Flow flow, int64_t) noexcept {
    if (!proved_) flow.set_app_proto("failed");
  }

 private:
  static constexpr uint16_t kMaxStep = 16;
  static constexpr uint8_t kMaxOthers = 4;

  std::array<RtpHeader, 2> last_{};
  uint8_t others_ = 0;
  bool proved_ = false;
};

/// RTP in TCP (RFC 4571): length, RTP header; the next frame goes on with sequence and source.
pktana_match rtp_stream(Bytes bytes) noexcept {
  constexpr size_t kFrame = 2;
  if (bytes.size() < kFrame + kHeader) return PKTANA_MAYBE;
  const size_t len = be16(bytes, 0);
  if (len < kHeader || bytes[2] >> 6 != 2 || (bytes[3] & 0x7f) == 72) return PKTANA_NO;
  const size_t next = kFrame + len;
  if (next + kFrame + kHeader > PKTANA_PROBE_BYTES) return PKTANA_NO;
  if (bytes.size() < next + kFrame + kHeader) return PKTANA_MAYBE;
  const uint16_t step =
      static_cast<uint16_t>(be16(bytes, next + kFrame + 2) - be16(bytes, kFrame + 2));
  return bytes[next + kFrame] == bytes[kFrame] && step == 1 &&
                 be32(bytes, next + kFrame + 8) == be32(bytes, kFrame + 8) &&
                 (bytes[next + kFrame + 1] & 0x7f) == (bytes[kFrame + 1] & 0x7f)
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match rtp(const Probe& probe) noexcept {
  if (probe.is_tcp()) return either(probe, rtp_stream);
  RtpHeader header{};
  return parse_rtp(probe.latest(), header) ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

const pktana_dissector kRtp = dissector_of<Rtp>({.name = "rtp",
                                                 .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP,
                                                 .flags = PKTANA_SETS_ATTRIBUTES,
                                                 .priority = 250},
                                                probed<rtp>);

}  // namespace pktana::app::enterprise
