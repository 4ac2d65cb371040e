// SPDX-License-Identifier: Apache-2.0
// Recognition of calls and streams: STUN and TURN, RTCP and H.323 (Q.931 and RAS).
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// Whether the attributes of a STUN message (RFC 8489 section 14) fill it.
bool stun_attributes_hold(Bytes bytes) noexcept {
  constexpr unsigned kMaxAttributes = 64;
  size_t at = 0;
  for (unsigned i = 0; i < kMaxAttributes && at < bytes.size(); ++i) {
    if (bytes.size() - at < 4) return false;
    const size_t len = be16(bytes, at + 2);
    if (bytes.size() - at - 4 < len) return false;
    at = std::min(bytes.size(), at + 4 + (len + 3) / 4 * 4);
  }
  return at == bytes.size();
}

/// STUN header (RFC 8489 section 5): two zero bits, type, length, magic cookie; without the cookie
/// (RFC 3489) only a binding request or response whose attributes hold.
pktana_match stun_message(Bytes bytes) noexcept {
  constexpr size_t kHeader = 20;
  constexpr uint32_t kCookie = 0x2112a442;
  constexpr uint16_t kBindingRequest = 0x0001, kBindingResponse = 0x0101;
  if (bytes[0] >= 0x40) return PKTANA_NO;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 2);
  // Some calls (WhatsApp's) leave the padding of the last attribute out.
  if (be32(bytes, 4) == kCookie) return len + kHeader <= 0x1000 ? PKTANA_YES : PKTANA_NO;
  const uint16_t type = be16(bytes, 0);
  if ((type != kBindingRequest && type != kBindingResponse) || len % 4 != 0 || len == 0 ||
      bytes.size() != kHeader + len || be64(bytes, 4) == 0)
    return PKTANA_NO;
  return stun_attributes_hold(bytes.subspan(kHeader)) ? PKTANA_YES : PKTANA_NO;
}

/// In TCP also behind a length (RFC 4571, ICE).
pktana_match stun_stream(Bytes bytes) noexcept {
  constexpr size_t kFrame = 2;
  const pktana_match plain = stun_message(bytes);
  if (plain != PKTANA_NO || bytes.size() <= kFrame) return plain;
  const pktana_match framed = stun_message(bytes.subspan(kFrame));
  if (framed != PKTANA_YES) return framed;
  return be16(bytes, 0) == be16(bytes, kFrame + 2) + 20 ? PKTANA_YES : PKTANA_NO;
}

pktana_match stun(const Probe& probe) noexcept {
  if (probe.is_tcp()) return either(probe, stun_stream);
  const Bytes bytes = probe.latest();
  return !bytes.empty() && stun_message(bytes) == PKTANA_YES ? PKTANA_YES : PKTANA_NO;
}

/// Calls negotiate by STUN where their DTLS then goes, over the same ports (RFC 7983).
class Stun {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    constexpr unsigned kMaxDatagrams = 64;
    constexpr uint8_t kHandshake = 22, kDtls = 0xfe;
    if (flow.info().protocol != PKTANA_UDP || ++datagrams_ > kMaxDatagrams) return kDone;
    if (chunk.bytes.size() < 2 || chunk.bytes[0] != kHandshake || chunk.bytes[1] != kDtls)
      return more(0);
    flow.change_protocol("dtls");
    return change(0);
  }

 private:
  unsigned datagrams_ = 0;
};

/// RTCP (RFC 3550 section 6.1): packets that fill the datagram; a sender or receiver report first.
pktana_match rtcp(const Probe& probe) noexcept {
  constexpr uint8_t kSender = 200, kReceiver = 201, kLast = 207;
  const Bytes bytes = probe.latest();
  if (bytes.size() < 8 || (bytes[1] != kSender && bytes[1] != kReceiver)) return PKTANA_NO;
  const size_t least = bytes[1] == kSender ? 28 : 8;
  if ((be16(bytes, 2) + 1u) * 4 < least + (bytes[0] & 0x1fu) * 24) return PKTANA_NO;
  for (size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < 4 || bytes[at] >> 6 != 2 || bytes[at + 1] < kSender ||
        bytes[at + 1] > kLast)
      return PKTANA_NO;
    const size_t len = (be16(bytes, at + 2) + 1u) * 4;
    if (bytes.size() - at < len) return PKTANA_NO;
    at += len;
  }
  return PKTANA_YES;
}

/// Object identifier 0.0.8.2250.0, H.225.0's own, as it lies in its messages.
constexpr auto kH225 = std::to_array<uint8_t>({0x06, 0x00, 0x08, 0x91, 0x4a, 0x00});

/// H.225 call signalling: Q.931 (discriminator 8, call reference of two bytes) in TPKT, with a
/// user-user element of H.225.
pktana_match q931_message(Bytes bytes) noexcept {
  constexpr size_t kTpkt = 4;
  if (bytes[0] != 3 || (bytes.size() > 1 && bytes[1] != 0)) return PKTANA_NO;
  if (bytes.size() < kTpkt + 5) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 2);
  if (bytes[kTpkt] != 8 || bytes[kTpkt + 1] != 2 || len < kTpkt + 5) return PKTANA_NO;
  const Bytes body = bytes.first(std::min<size_t>(bytes.size(), len));
  if (std::search(body.begin(), body.end(), kH225.begin(), kH225.end()) != body.end())
    return PKTANA_YES;
  return body.size() < len ? PKTANA_MAYBE : PKTANA_NO;
}

/// H.225 RAS: the protocol identifier of H.225 stands near the beginning of most first messages.
pktana_match h323(const Probe& probe) noexcept {
  constexpr size_t kLook = 12;
  if (probe.is_tcp()) return either(probe, q931_message);
  const Bytes bytes = probe.latest();
  const Bytes look = bytes.first(std::min(bytes.size(), kLook));
  return std::search(look.begin(), look.end(), kH225.begin(), kH225.end()) != look.end()
             ? PKTANA_YES
             : PKTANA_NO;
}

constexpr uint16_t kStunPorts[] = {3478, 3479, 3480, 5349, 19302, 0};
constexpr uint16_t kH225Ports[] = {1720, 0};
constexpr uint16_t kRasPorts[] = {1719, 1718, 0};
constexpr uint32_t kOnBoth = PKTANA_ON_TCP | PKTANA_ON_UDP;

}  // namespace

const pktana_dissector kStun = dissector_of<Stun>({.name = "stun",
                                                   .tcp_ports = kStunPorts,
                                                   .udp_ports = kStunPorts,
                                                   .protocols = kOnBoth,
                                                   .flags = PKTANA_SETS_ATTRIBUTES},
                                                  probed<stun>);
const pktana_dissector kRtcp =
    recogniser({.name = "rtcp", .protocols = PKTANA_ON_UDP, .priority = 150}, probed<rtcp>);
const pktana_dissector kH323 = recogniser(
    {.name = "h323", .tcp_ports = kH225Ports, .udp_ports = kRasPorts, .protocols = kOnBoth},
    probed<h323>);

}  // namespace pktana::app::enterprise
