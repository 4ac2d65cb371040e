// SPDX-License-Identifier: Apache-2.0
// Recognition of what controls machines and buildings: S7comm, IEC 60870-5-104, OPC UA, BACnet/IP.
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// S7comm over TPKT and COTP: a connection request with TSAPs, or a data unit with 0x32 (S7comm) or
/// 0x72 (S7comm plus).
pktana_match s7_message(Bytes bytes) noexcept {
  constexpr size_t kTpkt = 4;
  constexpr uint8_t kConnectRequest = 0xe0, kConnectConfirm = 0xd0, kData = 0xf0;
  if (bytes[0] != 3 || (bytes.size() > 1 && bytes[1] != 0)) return PKTANA_NO;
  if (bytes.size() < kTpkt + 4) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 2);
  const uint8_t cotp_len = bytes[4];
  if (len < 7 || cotp_len + kTpkt + 1u > len) return PKTANA_NO;
  if (bytes[5] == kData) {
    if (cotp_len != 2) return PKTANA_NO;
    if (bytes.size() < 9) return PKTANA_MAYBE;
    return (bytes[7] == 0x32 && bytes[8] >= 1 && bytes[8] <= 7) ||
                   (bytes[7] == 0x72 && bytes[8] >= 1 && bytes[8] <= 3)
               ? PKTANA_YES
               : PKTANA_NO;
  }
  if (bytes[5] != kConnectRequest && bytes[5] != kConnectConfirm) return PKTANA_NO;
  return PKTANA_MAYBE;
}

/// The message behind the first TPKT, as far as it is there.
Bytes behind_tpkt(Bytes bytes) noexcept {
  if (bytes.size() < 4) return {};
  return bytes.subspan(std::min<size_t>(bytes.size(), std::max<size_t>(be16(bytes, 2), 4)));
}

pktana_match s7comm(const Probe& probe) noexcept {
  const pktana_match first = either(probe, s7_message);
  if (first != PKTANA_MAYBE) return first;
  // The handshake is COTP's, RDP begins alike: what comes behind it tells.
  pktana_match best = PKTANA_NO;
  for (const uint8_t side : kSides) {
    const Bytes next = behind_tpkt(probe.first(side));
    best = std::max(best, next.empty() ? PKTANA_MAYBE : s7_message(next));
  }
  return best;
}

/// IEC 60870-5-104: 68, length, four control bytes of format U, S or I; I carries an ASDU.
pktana_match iec104_frame(Bytes bytes) noexcept {
  constexpr size_t kHeader = 6;
  constexpr uint8_t kMaxLen = 253;
  if (bytes[0] != 0x68) return PKTANA_NO;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const uint8_t len = bytes[1];
  if (len < 4 || len > kMaxLen) return PKTANA_NO;
  if ((bytes[2] & 3) == 3) {  // U: exactly one of start, stop, test, as act or con
    const uint8_t function = bytes[2] & 0xfc;
    const bool single = function != 0 && (function & (function - 1)) == 0;
    return len == 4 && single && bytes[3] == 0 && le16(bytes, 4) == 0 ? PKTANA_YES : PKTANA_NO;
  }
  if ((bytes[2] & 3) == 1)  // S
    return len == 4 && bytes[2] == 1 && bytes[3] == 0 && (bytes[4] & 1) == 0 ? PKTANA_YES
                                                                             : PKTANA_NO;
  constexpr size_t kAsdu = 12;
  if ((bytes[4] & 1) != 0 || len < 10) return PKTANA_NO;
  if (bytes.size() < kAsdu) return PKTANA_MAYBE;
  const uint8_t type = bytes[6];
  const uint8_t cause = bytes[8] & 0x3f;
  return type >= 1 && type <= 127 && cause >= 1 && cause <= 47 ? PKTANA_YES : PKTANA_NO;
}

pktana_match iec104(const Probe& probe) noexcept {
  return probe.hinted() ? either(probe, iec104_frame) : both(probe, iec104_frame);
}

/// OPC UA (part 6, 7.1.2): HEL, ACK, ERR, RHE, MSG, OPN, CLO; F, C or A; length.
pktana_match opcua_message(Bytes bytes) noexcept {
  constexpr auto kTypes =
      std::to_array<std::string_view>({"HELF", "ACKF", "ERRF", "RHEF", "MSGF", "OPNF", "CLOF"});
  pktana_match best = PKTANA_NO;
  for (const std::string_view type : kTypes)
    best = std::max(best, begins_with(bytes, type));
  if (best != PKTANA_YES) return best;
  if (bytes.size() < 8) return PKTANA_MAYBE;
  return le32(bytes, 4) >= 8 && le32(bytes, 4) < 0x1000000 ? PKTANA_YES : PKTANA_NO;
}

pktana_match opcua(const Probe& probe) noexcept { return either(probe, opcua_message); }

/// BACnet/IP (annex J): 81, function, length of the datagram; an NPDU of version 1 in most.
pktana_match bacnet(const Probe& probe) noexcept {
  const Bytes bytes = probe.latest();
  if (bytes.size() < 4 || bytes[0] != 0x81 || bytes[1] > 0x0c || be16(bytes, 2) != bytes.size())
    return PKTANA_NO;
  constexpr uint8_t kForwarded = 4, kDistribute = 9, kBroadcast = 11;
  const size_t npdu = bytes[1] == kForwarded ? 10 : 4;
  const bool carries =
      bytes[1] == kForwarded || (bytes[1] >= kDistribute && bytes[1] <= kBroadcast);
  if (!carries) return probe.hinted() ? PKTANA_YES : PKTANA_NO;
  return bytes.size() > npdu + 1 && bytes[npdu] == 1 && (bytes[npdu + 1] & 0x50) == 0 ? PKTANA_YES
                                                                                      : PKTANA_NO;
}

constexpr uint16_t kS7Ports[] = {102, 0};
constexpr uint16_t kIec104Ports[] = {2404, 0};
constexpr uint16_t kOpcuaPorts[] = {4840, 0};
constexpr uint16_t kBacnetPorts[] = {47808, 0};

}  // namespace

const pktana_dissector kS7comm =
    recogniser({.name = "s7comm", .tcp_ports = kS7Ports}, probed<s7comm>);
const pktana_dissector kIec104 =
    recogniser({.name = "iec104", .tcp_ports = kIec104Ports, .priority = 140}, probed<iec104>);
const pktana_dissector kOpcua =
    recogniser({.name = "opc-ua", .tcp_ports = kOpcuaPorts}, probed<opcua>);
const pktana_dissector kBacnet = recogniser(
    {.name = "bacnet", .udp_ports = kBacnetPorts, .protocols = PKTANA_ON_UDP}, probed<bacnet>);

}  // namespace pktana::app::enterprise
