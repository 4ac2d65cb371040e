// SPDX-License-Identifier: Apache-2.0
#include "flow/scan_attempt.h"

#include <cstring>

#include "flow/icmp_pairs.h"

namespace pktana::flow {
namespace {

constexpr uint8_t kTcpRst = 0x04;
constexpr uint8_t kIpv4Groups = 224;  ///< and above: multicast, and the limited broadcast
constexpr uint8_t kIpv6Groups = 0xFF;

bool is_to_group(const FlowRecord& record) noexcept {
  if (record.ip_version == 4) return record.dst[0] >= kIpv4Groups;
  return record.dst[0] == kIpv6Groups;
}

bool has_ports(uint8_t protocol) noexcept {
  return protocol == kProtocolTcp || protocol == kProtocolUdp || protocol == kProtocolSctp;
}

AddressWords words_of(const std::array<uint8_t, 16>& address) noexcept {
  AddressWords words;
  std::memcpy(words.data(), address.data(), sizeof words);
  return words;
}

}  // namespace

bool is_scan_attempt(const FlowRecord& record) noexcept {
  const auto& [to_server, to_client] = record.totals;
  if (to_server.packets == 0 || to_server.packets + to_client.packets > kMaxAttemptPackets)
    return false;
  if (record.continuation > 0 || record.update.index > 0 || is_to_group(record)) return false;
  switch (record.protocol) {
    case kProtocolTcp:
      return to_server.payload_bytes == 0 && to_client.payload_bytes == 0 &&
             record.initiator_basis != InitiatorBasis::SynAck;
    case kProtocolUdp:
      return to_client.packets == 0 && to_server.payload_bytes <= kMaxProbeBytes;
    case kProtocolIcmp:
    case kProtocolIcmpv6: {
      const auto pair = icmp_pair(record.protocol, record.icmp_type);
      return pair && record.icmp_type == pair->request;
    }
    default:
      return false;
  }
}

ScanAttempt::ScanAttempt(const base::HashSecret& hash_secret, const FlowRecord& of) noexcept
    : record(&of),
      secret(&hash_secret),
      src(words_of(of.src)),
      dst(words_of(of.dst)),
      target_hash(base::keyed_hash(hash_secret, dst[0], dst[1], of.ip_version)),
      port(of.dst_port),
      has_port(has_ports(of.protocol)),
      refused((of.tcp_flags[kToClient] & kTcpRst) != 0 || of.icmp_errors.count > 0) {}

uint64_t ScanAttempt::key(ScanKind kind) const noexcept {
  const uint64_t what = uint64_t{static_cast<uint8_t>(kind)} << 32 |
                        uint64_t{record->protocol} << 16 | uint64_t{record->ip_version} << 24;
  switch (kind) {
    case ScanKind::Vertical:
      return base::keyed_hash(*secret, {src[0], src[1], dst[0], dst[1], what, 0});
    case ScanKind::Horizontal:
      return base::keyed_hash(*secret, {src[0], src[1], port, 0, what, 0});
    case ScanKind::Block:
      break;
  }
  return base::keyed_hash(*secret, {src[0], src[1], 0, 0, what, 0});
}

}  // namespace pktana::flow
