// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_writer.h"

#include <algorithm>

#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/eve_app.h"
#include "sink/eve_endpoints.h"
#include "sink/eve_event.h"
#include "sink/eve_scan.h"
#include "sink/eve_stats.h"
#include "sink/eve_tcp.h"
#include "sink/eve_tunnel.h"
#include "sink/own_text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;

constexpr size_t kClosing = 3;  ///< what ends a line: both objects, newline

std::string host_text(const std::string& host) {
  return host.empty() ? std::string() : R"(,"host":")" + escaped_host(host) + '"';
}

bool is_icmp(const FlowRecord& record) noexcept {
  return record.protocol == flow::kProtocolIcmp || record.protocol == flow::kProtocolIcmpv6;
}

/// Why the flow left the table, in Suricata's words: a closed connection leaves by its timer.
std::string_view reason_text(const FlowRecord& record) noexcept {
  if (record.at_shutdown) return "shutdown";
  switch (record.end_reason) {
    case flow::EndReason::Idle:
    case flow::EndReason::Closed:
    case flow::EndReason::Reset:
      return "timeout";
    case flow::EndReason::Active:
    case flow::EndReason::Evicted:
      return "forced";
    case flow::EndReason::Shutdown:
      return "shutdown";
    case flow::EndReason::TupleReuse:
      return "tcp_reuse";
  }
  return "unknown";
}

}  // namespace

base::Result<std::unique_ptr<EveWriter>> EveWriter::create(const WriterContext& context) {
  auto community_id = CommunityId::create(context.community_id_seed);
  if (!community_id) return base::Unexpected(community_id.error());
  return std::unique_ptr<EveWriter>(new EveWriter(std::move(*community_id), context));
}

EveWriter::EveWriter(CommunityId community_id, const WriterContext& context)
    : community_id_(std::move(community_id)),
      live_(context.live),
      encapsulations_(context.encapsulations),
      notes_(context.notes),
      sources_(context.source_names, QuoteStyle::Json,
               context.live ? R"(,"in_iface":")" : R"(,"pcap_filename":")", "\""),
      host_(host_text(context.host)) {}

char* EveWriter::put_flow(char* out, const FlowRecord& record, int64_t now_ns) noexcept {
  const char* const line = out;
  out = put_head(out, record, now_ns);
  out = put_eve_vlan(out, record);
  out = put_eve_endpoints(out, record, false);
  out = put_decimal(put_literal(out, R"(,"ip_v":)"), record.ip_version);
  out = put_text(put_literal(out, R"(,"proto":")"), flow::protocol_name(record.protocol));
  *out++ = '"';
  if (is_icmp(record)) out = put_icmp(out, record);
  if (record.protocol == flow::kProtocolEsp && record.spi != 0)
    out = put_decimal(put_literal(out, R"(,"spi":)"), record.spi);
  out = put_eve_app_proto(out, record);
  out = put_counts(out, record);
  out = community_id_.put(put_literal(out, R"(,"community_id":")"), record);
  *out++ = '"';
  if (record.protocol == flow::kProtocolTcp) out = put_eve_tcp(out, record);
  out = put_text(out, host_);
  if (!live_) out = put_text(out, sources_.text(record.source_id));
  out = put_own(out, record, line);
  return put_literal(out, "}\n");
}

char* EveWriter::put_event(char* out, const FlowRecord& record) noexcept {
  return put_eve_event(out, record,
                       {.source = sources_.text(record.source_id),
                        .host = host_,
                        .live = live_,
                        .seq = ++seq_,
                        .community_id = &community_id_,
                        .time = &time_});
}

char* EveWriter::put_stats(char* out, const StatsRecord& record) {
  return put_eve_stats(out, record, {.host = host_, .seq = ++seq_});
}

char* EveWriter::put_scan(char* out, const flow::ScanRecord& record, int64_t now_ns) noexcept {
  return put_eve_scan(out, record,
                      {.source = sources_.text(record.source_id),
                       .host = host_,
                       .time_ns = live_ ? now_ns : record.end_ns,
                       .seq = ++seq_});
}

char* EveWriter::put_head(char* out, const FlowRecord& record, int64_t now_ns) noexcept {
  out = time_.put(put_literal(out, R"({"timestamp":")"), live_ ? now_ns : record.end_ns);
  out = put_decimal(put_literal(out, R"(","flow_id":)"), record.flow_id);
  if (live_) out = put_text(out, sources_.text(record.source_id));
  if (record.update.index > 0) return put_literal(out, R"(,"event_type":"flow_update")");
  return put_literal(out, R"(,"event_type":"flow")");
}

char* EveWriter::put_counts(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.totals;
  // EVE's age is the difference of the whole seconds of both ends.
  const int64_t age = floor_seconds(record.end_ns) - floor_seconds(record.start_ns);
  out = put_decimal(put_literal(out, R"(,"flow":{"pkts_toserver":)"), server.packets);
  out = put_decimal(put_literal(out, R"(,"pkts_toclient":)"), client.packets);
  out = put_decimal(put_literal(out, R"(,"bytes_toserver":)"), server.bytes);
  out = put_decimal(put_literal(out, R"(,"bytes_toclient":)"), client.bytes);
  out = start_.put(put_literal(out, R"(,"start":")"), record.start_ns);
  out = end_.put(put_literal(out, R"(","end":")"), record.end_ns);
  out = put_decimal(put_literal(out, R"(","age":)"),
                    static_cast<uint64_t>(std::max<int64_t>(age, 0)));
  out = put_text(put_literal(out, R"(,"state":")"), flow::to_string(record.state));
  if (record.update.index == 0)
    out = put_text(put_literal(out, R"(","reason":")"), reason_text(record));
  return put_literal(out, R"(","alerted":false})");
}

char* EveWriter::put_own(char* out, const FlowRecord& record, const char* line) noexcept {
  out = put_decimal(put_literal(out, R"(,"pktana":{"schema":1,"seq":)"), ++seq_);
  if (record.update.index > 0) {
    out = put_update(out, record.update);
  } else {
    out = put_text(put_literal(out, R"(,"end_reason":")"), flow::to_string(record.end_reason));
    *out++ = '"';
  }
  out = put_decimal(put_literal(out, R"(,"duration_ns":)"),
                    duration_ns(record.start_ns, record.end_ns));
  out = put_text(put_literal(out, R"(,"initiator_basis":")"),
                 flow::to_string(record.initiator_basis));
  out = put_decimal(put_literal(out, R"(","payload_bytes_toserver":)"),
                    record.totals[kToServer].payload_bytes);
  out = put_decimal(put_literal(out, R"(,"payload_bytes_toclient":)"),
                    record.totals[kToClient].payload_bytes);
  out = put_decimal(put_literal(out, R"(,"truncated_packets":)"), record.truncated_packets);
  if (record.continuation > 0)
    out = put_decimal(put_literal(out, R"(,"continuation":)"), record.continuation);
  if (record.protocol == flow::kProtocolTcp) out = put_eve_tcp_quality(out, record.tcp);
  if (record.icmp_errors.count > 0) out = put_icmp_errors(out, record.icmp_errors);
  if (record.encapsulation != 0 && encapsulations_ != nullptr)
    out = put_eve_tunnel(out, record.encapsulation, *encapsulations_);
  for (RecordNotes* notes : notes_)
    out = notes->put(out, record);
  out = put_eve_app(out, record, kMaxLineBytes - kClosing - static_cast<size_t>(out - line));
  *out++ = '}';
  return out;
}

}  // namespace pktana::sink
