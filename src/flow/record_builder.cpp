// SPDX-License-Identifier: Apache-2.0
#include "flow/record_builder.h"

#include <cstring>

#include "flow/conn_state.h"
#include "flow/icmp_pairs.h"
#include "flow/tcp_tracker.h"
#include "flow/timeouts.h"

namespace pktana::flow {
namespace {

constexpr uint64_t kFlowIdMask = (uint64_t{1} << 53) - 1;  ///< what a JSON number holds exactly
constexpr uint64_t kIdMultiplier = 0x9E3779B97F4A7C15U;

/// Bytes `low` and `high` of the key to source and destination.
void set_addresses(const FlowView& flow, FlowRecord& record) noexcept {
  const bool high_first = flow.entry.hot.initiator_is_high;
  auto& low = high_first ? record.dst : record.src;
  auto& high = high_first ? record.src : record.dst;
  if (record.ip_version == 4) {
    const auto low_raw = static_cast<uint32_t>(flow.entry.hot.address);
    const auto high_raw = static_cast<uint32_t>(flow.entry.hot.address >> 32);
    std::memcpy(low.data(), &low_raw, sizeof low_raw);
    std::memcpy(high.data(), &high_raw, sizeof high_raw);
    return;
  }
  std::memcpy(low.data(), &flow.ipv6.word[0], 16);
  std::memcpy(high.data(), &flow.ipv6.word[2], 16);
}

void set_ports(const FlowKey& key, bool initiator_is_high, FlowRecord& record) noexcept {
  record.src_port = initiator_is_high ? key.high_port() : key.low_port();
  record.dst_port = initiator_is_high ? key.low_port() : key.high_port();
}

/// After set_totals().
void set_icmp(const FlowView& flow, FlowRecord& record) noexcept {
  const ColdEntry& cold = flow.cold;
  const bool only_answers = record.totals[kToServer].packets == 0;
  record.icmp_type = cold.icmp_type;
  record.icmp_code = cold.icmp_code;
  record.has_icmp_response = flow.entry.hot.reply_seen || only_answers;
  record.response_icmp_type = cold.response_icmp_type;
  record.response_icmp_code = cold.response_icmp_code;
  if (!only_answers) return;
  // The request was not captured, but there is no doubt what it was.
  const auto pair = icmp_pair(record.protocol, cold.response_icmp_type);
  if (pair) record.icmp_type = pair->request;
  record.icmp_code = cold.response_icmp_code;
}

void set_totals(const FlowView& flow, FlowRecord& record) noexcept {
  const TransportEntry& transport = flow.entry.transport;
  for (const Direction side : {kToServer, kToClient}) {
    DirectionTotals& totals = record.totals[side];
    totals.packets = uint64_t{flow.cold.packets_high[side]} << 32 | flow.entry.hot.packets[side];
    totals.bytes = flow.entry.hot.bytes[side];
    totals.ip_bytes = uint64_t{flow.cold.ip_high[side]} << 32 | transport.ip_bytes[side];
    totals.payload_bytes =
        uint64_t{flow.cold.payload_high[side]} << 32 | transport.payload_bytes[side];
    totals.sequence_bytes = totals.payload_bytes;
  }
}

/// After set_totals().
void set_connection(const FlowView& flow, FlowRecord& record) noexcept {
  record.history = flow.cold.history.letters();
  auto& totals = record.totals;
  if (record.protocol != kProtocolTcp) {
    record.conn_state = conn_state_of(record.protocol, totals[kToServer].packets > 0,
                                      totals[kToClient].packets > 0);
    return;
  }
  for (const Direction side : {kToServer, kToClient})
    totals[side].sequence_bytes =
        sequence_bytes(flow.entry, flow.cold, side, totals[side].payload_bytes);
  record.conn_state = tcp_conn_state(flow.entry, flow.cold);
}

}  // namespace

FlowKey key_of(const FlowView& flow) noexcept {
  FlowKey key;
  key.ports = flow.entry.hot.ports;
  key.domain = flow.entry.hot.domain;
  if (key.ip_version() == 4)
    key.address[0] = flow.entry.hot.address;
  else
    key.address = flow.ipv6.word;
  return key;
}

uint64_t flow_id_of(uint64_t key_hash, const ColdEntry& cold) noexcept {
  const uint64_t when = static_cast<uint64_t>(cold.id_ns) + uint64_t{cold.instance} * kIdMultiplier;
  const uint64_t id = base::fold_multiply(key_hash ^ when, kIdMultiplier ^ when) & kFlowIdMask;
  return id == 0 ? 1 : id;
}

FlowRecord build_record(const FlowView& flow, uint64_t key_hash, EndReason reason) noexcept {
  const FlowKey key = key_of(flow);
  const HotEntry& hot = flow.entry.hot;
  FlowRecord record;
  record.flow_id = flow_id_of(key_hash, flow.cold);
  record.key_hash = key_hash;
  record.start_ns = flow.cold.first_ns;
  record.end_ns = hot.last_ns;
  record.ip_version = key.ip_version();
  record.protocol = key.protocol();
  set_totals(flow, record);
  set_connection(flow, record);
  set_addresses(flow, record);
  if (record.protocol == kProtocolIcmp || record.protocol == kProtocolIcmpv6)
    set_icmp(flow, record);
  else if (record.protocol == kProtocolEsp)
    record.spi = key.spi();
  else
    set_ports(key, hot.initiator_is_high, record);
  record.source_id = flow.cold.source_id;
  record.vlan_id = flow.cold.vlan_id;
  record.vlan_count = flow.cold.vlan_count;
  record.end_reason = reason;
  record.state = state_of(hot.timeout_class);
  record.tcp_state = hot.tcp_state;
  record.initiator_basis = flow.cold.initiator_basis;
  record.tcp_flags = hot.tcp_flags;
  record.truncated_packets = flow.cold.truncated_packets;
  record.continuation = flow.cold.continuation;
  record.icmp_errors = flow.cold.icmp_errors;
  record.encapsulation = flow.cold.encapsulation;
  return record;
}

}  // namespace pktana::flow
