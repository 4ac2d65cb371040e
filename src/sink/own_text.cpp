// SPDX-License-Identifier: Apache-2.0
#include "sink/own_text.h"

#include "flow/icmp_pairs.h"
#include "sink/eve_app.h"
#include "sink/eve_tcp.h"
#include "sink/eve_tunnel.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;

constexpr size_t kRoomForApp = 1536;  ///< beside the longest names of file and sensor

char* put_states(char* out, const FlowRecord& record) noexcept {
  out = put_text(put_literal(out, R"("state":")"), flow::to_string(record.state));
  out = put_text(put_literal(out, R"(","end_reason":")"), flow::to_string(record.end_reason));
  out = put_text(put_literal(out, R"(","conn_state":")"), flow::to_string(record.conn_state));
  const std::string_view history = flow::view(record.history);
  if (!history.empty()) out = put_text(put_literal(out, R"(","history":")"), history);
  out = put_text(put_literal(out, R"(","initiator_basis":")"),
                 flow::to_string(record.initiator_basis));
  *out++ = '"';
  return out;
}

char* put_counts(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.totals;
  out = put_decimal(put_literal(out, R"(,"payload_bytes_toserver":)"), server.payload_bytes);
  out = put_decimal(put_literal(out, R"(,"payload_bytes_toclient":)"), client.payload_bytes);
  out = put_decimal(put_literal(out, R"(,"ip_bytes_toserver":)"), server.ip_bytes);
  out = put_decimal(put_literal(out, R"(,"ip_bytes_toclient":)"), client.ip_bytes);
  out = put_decimal(put_literal(out, R"(,"truncated_packets":)"), record.truncated_packets);
  if (record.continuation == 0) return out;
  return put_decimal(put_literal(out, R"(,"continuation":)"), record.continuation);
}

char* put_tcp(char* out, const FlowRecord& record) noexcept {
  const auto [to_server, to_client] = record.tcp_flags;
  out = put_hex_byte(put_literal(out, R"(,"tcp_flags_ts":")"), to_server);
  out = put_hex_byte(put_literal(out, R"(","tcp_flags_tc":")"), to_client);
  out = put_text(put_literal(out, R"(","tcp_state":")"), flow::to_string(record.tcp_state));
  *out++ = '"';
  return put_eve_tcp_quality(out, record.tcp);
}

}  // namespace

char* put_icmp(char* out, const FlowRecord& record) noexcept {
  out = put_decimal(put_literal(out, R"(,"icmp_type":)"), record.icmp_type);
  out = put_decimal(put_literal(out, R"(,"icmp_code":)"), record.icmp_code);
  if (!record.has_icmp_response) return out;
  out = put_decimal(put_literal(out, R"(,"response_icmp_type":)"), record.response_icmp_type);
  return put_decimal(put_literal(out, R"(,"response_icmp_code":)"), record.response_icmp_code);
}

char* put_icmp_errors(char* out, const flow::IcmpErrors& errors) noexcept {
  out = put_decimal(put_literal(out, R"(,"icmp_errors":{"count":)"), errors.count);
  out = put_decimal(put_literal(out, R"(,"type":)"), errors.type);
  out = put_decimal(put_literal(out, R"(,"code":)"), errors.code);
  *out++ = '}';
  return out;
}

char* put_update(char* out, const flow::FlowUpdate& update) noexcept {
  out = put_decimal(put_literal(out, R"(,"update":{"index":)"), update.index);
  out = put_decimal(put_literal(out, R"(,"delta":{"pkts_toserver":)"), update.packets[kToServer]);
  out = put_decimal(put_literal(out, R"(,"pkts_toclient":)"), update.packets[kToClient]);
  out = put_decimal(put_literal(out, R"(,"bytes_toserver":)"), update.bytes[kToServer]);
  out = put_decimal(put_literal(out, R"(,"bytes_toclient":)"), update.bytes[kToClient]);
  return put_literal(out, "}}");
}

char* put_own_members(char* out, const FlowRecord& record,
                      const flow::EncapsulationTable* encapsulations) noexcept {
  out = put_counts(put_states(out, record), record);
  if (record.protocol == flow::kProtocolIcmp || record.protocol == flow::kProtocolIcmpv6)
    out = put_icmp(out, record);
  if (record.icmp_errors.count > 0) out = put_icmp_errors(out, record.icmp_errors);
  if (record.protocol == flow::kProtocolTcp) out = put_tcp(out, record);
  if (record.encapsulation != 0 && encapsulations != nullptr)
    out = put_eve_tunnel(out, record.encapsulation, *encapsulations);
  return put_eve_app(out, record, kRoomForApp);
}

}  // namespace pktana::sink
