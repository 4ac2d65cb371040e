// SPDX-License-Identifier: Apache-2.0
#include "sink/csv_writer.h"

#include <algorithm>

#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/escape.h"
#include "sink/eve_app.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;

/// `value` and a comma.
char* put_field(char* out, uint64_t value) noexcept {
  out = put_decimal(out, value);
  *out++ = ',';
  return out;
}

char* put_field(char* out, std::string_view text) noexcept {
  out = put_text(out, text);
  *out++ = ',';
  return out;
}

char* put_vlan(char* out, const FlowRecord& record) noexcept {
  const unsigned count = std::min<unsigned>(record.vlan_count, flow::kMaxRecordVlans);
  for (unsigned i = 0; i < count; ++i) {
    if (i > 0) *out++ = ' ';
    out = put_decimal(out, record.vlan_id[i]);
  }
  *out++ = ',';
  return out;
}

char* put_endpoints(char* out, const FlowRecord& record) noexcept {
  const bool ports = record.protocol == flow::kProtocolTcp ||
                     record.protocol == flow::kProtocolUdp ||
                     record.protocol == flow::kProtocolSctp;
  out = put_address(out, record.src.data(), record.ip_version);
  *out++ = ',';
  if (ports) out = put_decimal(out, record.src_port);
  *out++ = ',';
  out = put_address(out, record.dst.data(), record.ip_version);
  *out++ = ',';
  if (ports) out = put_decimal(out, record.dst_port);
  *out++ = ',';
  return out;
}

char* put_icmp(char* out, const FlowRecord& record) noexcept {
  if (record.protocol != flow::kProtocolIcmp && record.protocol != flow::kProtocolIcmpv6)
    return put_literal(out, ",,,,");
  out = put_field(put_field(out, record.icmp_type), record.icmp_code);
  if (!record.has_icmp_response) return put_literal(out, ",,");
  return put_field(put_field(out, record.response_icmp_type), record.response_icmp_code);
}

char* put_counts(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.totals;
  out = put_field(put_field(out, server.packets), client.packets);
  out = put_field(put_field(out, server.bytes), client.bytes);
  return put_field(put_field(out, server.payload_bytes), client.payload_bytes);
}

char* put_states(char* out, const FlowRecord& record) noexcept {
  out = put_field(out, flow::to_string(record.state));
  out = put_field(out, flow::to_string(record.end_reason));
  if (record.protocol != flow::kProtocolTcp) return put_literal(out, ",,,");
  for (const uint8_t flags : record.tcp_flags) {
    out = put_hex_byte(out, flags);
    *out++ = ',';
  }
  return put_field(out, flow::to_string(record.tcp_state));
}

/// Empty where it was not seen.
char* put_us(char* out, uint32_t us) noexcept {
  if (us != flow::kUnknownUs) out = put_decimal(out, us);
  *out++ = ',';
  return out;
}

char* put_average(char* out, const flow::RttSamples& rtt) noexcept {
  if (rtt.count > 0) out = put_decimal(out, rtt.sum_us / rtt.count);
  *out++ = ',';
  return out;
}

char* put_quality(char* out, const FlowRecord& record) noexcept {
  if (record.protocol != flow::kProtocolTcp) return put_literal(out, ",,,,,,,,,");
  const auto& [server, client] = record.tcp.side;
  out = put_field(put_field(out, server.retransmits), client.retransmits);
  out = put_field(put_field(out, server.out_of_order), client.out_of_order);
  out = put_field(put_field(out, server.lost_bytes), client.lost_bytes);
  out = put_us(out, record.tcp.handshake_us);
  // The time from a side's data to the ACK for it is the round trip to the other side.
  return put_average(put_average(out, client.rtt), server.rtt);
}

/// With a comma in front of each.
char* put_app(char* out, const FlowRecord& record) noexcept {
  *out++ = ',';
  if (record.app_proto != nullptr)
    out = put_escaped(out, record.app_proto, QuoteStyle::Csv, kMaxAppProtoBytes);
  *out++ = ',';
  const std::string_view name = name_of(record);
  if (name.empty()) return put_literal(out, ",");
  *out++ = '"';
  out = put_escaped(out, name, QuoteStyle::Csv, kMaxFlowNameBytes);
  return put_text(put_literal(out, "\","), flow::to_string(record.app->name_source));
}

}  // namespace

base::Result<std::unique_ptr<CsvWriter>> CsvWriter::create(const WriterContext& context) {
  auto community_id = CommunityId::create(context.community_id_seed);
  if (!community_id) return base::Unexpected(community_id.error());
  return std::unique_ptr<CsvWriter>(new CsvWriter(std::move(*community_id), context));
}

CsvWriter::CsvWriter(CommunityId community_id, const WriterContext& context)
    : community_id_(std::move(community_id)),
      sources_(context.source_names, QuoteStyle::Csv, "\"", "\"") {}

char* CsvWriter::put_flow(char* out, const FlowRecord& record, int64_t /*now_ns*/) noexcept {
  if (record.update.index > 0) return out;
  out = put_identity(out, record);
  out = put_vlan(out, record);
  out = put_field(out, record.ip_version);
  out = put_field(out, flow::protocol_name(record.protocol));
  out = put_endpoints(out, record);
  out = put_icmp(out, record);
  out = put_counts(out, record);
  out = put_states(out, record);
  out = put_field(out, flow::to_string(record.initiator_basis));
  out = put_field(put_field(out, record.truncated_packets), record.continuation);
  out = community_id_.put(out, record);
  *out++ = ',';
  out = put_field(out, flow::to_string(record.conn_state));
  out = put_field(out, flow::view(record.history));
  out = put_field(put_field(out, record.totals[0].ip_bytes), record.totals[1].ip_bytes);
  out = put_decimal(put_quality(out, record), record.icmp_errors.count);
  out = put_app(out, record);
  *out++ = '\n';
  return out;
}

char* CsvWriter::put_identity(char* out, const FlowRecord& record) noexcept {
  out = start_.put(out, record.start_ns);
  *out++ = ',';
  out = end_.put(out, record.end_ns);
  *out++ = ',';
  out = put_field(out, duration_ns(record.start_ns, record.end_ns));
  out = put_field(out, record.flow_id);
  return put_field(out, sources_.text(record.source_id));
}

}  // namespace pktana::sink
