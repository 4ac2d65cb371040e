// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "app/reader.h"
#include "app/secure/vpn/vpn.h"

namespace pktana::app::secure {
namespace {

enum Opcode : uint8_t {
  kResetClientV1 = 1,
  kResetServerV1 = 2,
  kResetClientV2 = 7,
  kResetServerV2 = 8,
  kResetClientV3 = 10,
};
constexpr size_t kSessionId = 8;
constexpr uint8_t kMaxAcks = 8;
constexpr uint32_t kMaxReplayId = 64;
constexpr uint32_t kFirstTime = 978307200;  // 2001: OpenVPN's first year
constexpr std::array<size_t, 4> kHmacBytes = {16, 20, 32, 64};
constexpr size_t kCryptTag = 32;

bool is_reset(uint8_t opcode) noexcept {
  return opcode == kResetClientV1 || opcode == kResetServerV1 || opcode == kResetClientV2 ||
         opcode == kResetServerV2 || opcode == kResetClientV3;
}

// Acknowledgements, then the number of this message, which is the first one: 0.
bool ends_like_reset(Reader in) noexcept {
  const uint8_t acks = in.u8();
  if (acks > kMaxAcks) return false;
  in.take(acks * 4U + (acks > 0 ? kSessionId : 0U));
  return in.left() == 4 && in.u32() == 0 && in.ok();
}

// Number and time against replay; the number counts from 1.
bool is_replay_guard(Reader& in) noexcept {
  const uint32_t number = in.u32();
  return number >= 1 && number <= kMaxReplayId && in.u32() >= kFirstTime && in.ok();
}

pktana_match probe_openvpn(const pktana_probe* raw) {
  const Probe probe(*raw);
  if (!probe.is_tcp()) return looks_like_openvpn_reset(probe.latest()) ? PKTANA_YES : PKTANA_NO;
  Reader in(probe.latest());
  const uint16_t length = in.u16();
  if (!in.ok()) return PKTANA_MAYBE;
  const uint8_t opcode = in.empty() ? uint8_t{kResetClientV2} : uint8_t(in.rest()[0] >> 3);
  if (length < 14 || length > 1024 || !is_reset(opcode)) return PKTANA_NO;
  if (in.left() < length) return PKTANA_MAYBE;
  return looks_like_openvpn_reset(in.take(length)) ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {1194, 0};

}  // namespace

bool looks_like_openvpn_reset(Bytes packet) noexcept {
  Reader in(packet);
  const uint8_t first = in.u8();
  const uint64_t session = in.u64();
  if (!in.ok() || !is_reset(first >> 3) || (first & 7) != 0 || session == 0) return false;
  if (ends_like_reset(in)) return true;
  for (const size_t bytes : kHmacBytes) {  // tls-auth
    Reader guarded = in;
    guarded.take(bytes);
    if (is_replay_guard(guarded) && ends_like_reset(guarded)) return true;
  }
  // tls-crypt: all behind the tag is encrypted. Version 3 has a wrapped key after that.
  const bool long_form = (first >> 3) == kResetClientV3;
  Reader crypted = in;
  if (!is_replay_guard(crypted)) return false;
  crypted.take(kCryptTag);
  return crypted.ok() && crypted.left() >= 5 && (long_form || crypted.left() <= 5U + 44U);
}

constinit const pktana_dissector kOpenVpn = recogniser({.name = "openvpn",
                                                        .tcp_ports = kPorts,
                                                        .udp_ports = kPorts,
                                                        .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                                       probe_openvpn);

}  // namespace pktana::app::secure
