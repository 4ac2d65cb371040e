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
  const bool high_first = flow.hot.initiator_is_high;
  auto& low = high_first ? record.dst : record.src;
  auto& high = high_first ? record.src : record.dst;
  if (record.ip_version == 4) {
    const auto low_raw = static_cast<uint32_t>(flow.hot.address);
    const auto high_raw = static_cast<uint32_t>(flow.hot.address >> 32);
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
  const bool only_answers = record.totals[kToServer].packets == 0;
  const auto& [request, response] = flow.tail.opening;
  record.icmp_type = static_cast<uint8_t>(request >> 8);
  record.icmp_code = static_cast<uint8_t>(request);
  record.has_icmp_response = flow.hot.reply_seen || only_answers;
  record.response_icmp_type = static_cast<uint8_t>(response >> 8);
  record.response_icmp_code = static_cast<uint8_t>(response);
  if (!only_answers) return;
  // The request was not captured, but there is no doubt what it was.
  const auto pair = icmp_pair(record.protocol, record.response_icmp_type);
  if (pair) record.icmp_type = pair->request;
  record.icmp_code = record.response_icmp_code;
}

void set_totals(const FlowView& flow, FlowRecord& record) noexcept {
  for (const Direction side : {kToServer, kToClient}) {
    DirectionTotals& totals = record.totals[side];
    totals.packets = flow.packets(side);
    totals.bytes = flow.wire_bytes(side);
    totals.ip_bytes = flow.ip_bytes(side);
    totals.payload_bytes = flow.payload_bytes(side);
    totals.sequence_bytes = totals.payload_bytes;
  }
}

/// After set_totals().
void set_connection(const FlowView& flow, FlowRecord& record) noexcept {
  record.history = flow.history();
  auto& totals = record.totals;
  if (record.protocol != kProtocolTcp) {
    record.conn_state = conn_state_of(record.protocol, totals[kToServer].packets > 0,
                                      totals[kToClient].packets > 0);
    return;
  }
  for (const Direction side : {kToServer, kToClient})
    totals[side].sequence_bytes = sequence_bytes(flow, side, totals[side].payload_bytes);
  record.conn_state = tcp_conn_state(flow);
}

}  // namespace

FlowKey key_of(const FlowView& flow) noexcept {
  FlowKey key;
  key.ports = flow.hot.ports;
  key.domain = flow.hot.domain;
  if (key.ip_version() == 4)
    key.address[0] = flow.hot.address;
  else
    key.address = flow.ipv6.word;
  return key;
}

uint64_t flow_id_of(uint64_t key_hash, const FlowView& flow) noexcept {
  const uint64_t when =
      static_cast<uint64_t>(flow.id_ns()) + uint64_t{flow.instance()} * kIdMultiplier;
  const uint64_t id = base::fold_multiply(key_hash ^ when, kIdMultiplier ^ when) & kFlowIdMask;
  return id == 0 ? 1 : id;
}

FlowRecord build_record(const FlowView& flow, uint64_t key_hash, EndReason reason) noexcept {
  const FlowKey key = key_of(flow);
  const HotEntry& hot = flow.hot;
  FlowRecord record;
  record.flow_id = flow_id_of(key_hash, flow);
  record.key_hash = key_hash;
  record.start_ns = flow.tail.first_ns;
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
  record.source_id = hot.source_id;
  record.vlan_id = flow.vlan_ids();
  record.vlan_count = hot.vlan_count;
  record.end_reason = reason;
  record.state = state_of(hot.timeout_class);
  record.tcp_state = hot.tcp_state;
  record.initiator_basis = static_cast<InitiatorBasis>(hot.basis);
  record.tcp_flags = hot.tcp_flags;
  if (const LongBlock* const block = flow.long_block(); block != nullptr) {
    record.truncated_packets = block->truncated_packets;
    record.encapsulation = block->encapsulation;
  }
  if (const OddBlock* const block = flow.odd(); block != nullptr) {
    record.continuation = block->continuation;
    record.icmp_errors = block->icmp_errors;
  }
  return record;
}

}  // namespace pktana::flow
