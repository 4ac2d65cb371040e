// SPDX-License-Identifier: Apache-2.0
#include "sink/ecs_writer.h"

#include <algorithm>
#include <utility>

#include "config.h"
#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/eve_app.h"
#include "sink/own_text.h"
#include "sink/stats_text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;

/// TimestampText's form with the Z that Elasticsearch's strict date formats want.
char* put_date(TimestampText& text, char* out, int64_t ns) noexcept {
  constexpr size_t kOffsetBytes = 5;  // +0000
  out = text.put(out, ns) - kOffsetBytes;
  *out++ = 'Z';
  return out;
}

std::string observer_text(const std::string& host) {
  std::string text =
      R"(,"observer":{"product":"pktana","type":"sensor","version":")" PKTANA_VERSION "\"";
  if (!host.empty()) text += R"(,"name":")" + escaped_host(host) + '"';
  return text;
}

bool has_ports(const FlowRecord& record) noexcept {
  return record.protocol == flow::kProtocolTcp || record.protocol == flow::kProtocolUdp ||
         record.protocol == flow::kProtocolSctp;
}

/// From the '{' to the '}'.
char* put_endpoint(char* out, const FlowRecord& record, flow::Direction sends) noexcept {
  const bool is_source = sends == kToServer;
  out = put_literal(out, R"({"ip":")");
  out = put_address(out, (is_source ? record.src : record.dst).data(), record.ip_version);
  *out++ = '"';
  if (has_ports(record))
    out =
        put_decimal(put_literal(out, R"(,"port":)"), is_source ? record.src_port : record.dst_port);
  out = put_decimal(put_literal(out, R"(,"bytes":)"), record.totals[sends].bytes);
  out = put_decimal(put_literal(out, R"(,"packets":)"), record.totals[sends].packets);
  if (const auto name = name_of(record); !is_source && !name.empty())
    out = put_quoted(put_literal(out, R"(,"domain":)"), name, kMaxShortNameBytes);
  *out++ = '}';
  return out;
}

/// A member of an object, if there is a value.
char* put_member(char* out, std::string_view key, std::string_view value) noexcept {
  if (value.empty()) return out;
  if (out[-1] != '{') *out++ = ',';
  out = put_text(put_literal(out, "\""), key);
  return put_quoted(put_literal(out, "\":"), value, kMaxShortNameBytes);
}

char* put_tls(char* out, const FlowRecord& record) noexcept {
  const bool from_hello =
      record.app != nullptr && (record.app->name_source == flow::NameSource::TlsSni ||
                                record.app->name_source == flow::NameSource::QuicSni);
  const std::string_view sni = from_hello ? name_of(record) : std::string_view();
  const std::string_view ja3 = fingerprint_of(record, "ja3");
  const std::string_view ja3s = fingerprint_of(record, "ja3s");
  if (sni.empty() && ja3.empty() && ja3s.empty()) return out;
  out = put_literal(out, R"(,"tls":{)");
  if (!sni.empty() || !ja3.empty()) {
    out = put_member(put_literal(out, R"("client":{)"), "server_name", sni);
    out = put_literal(put_member(out, "ja3", ja3), "}");
  }
  if (!ja3s.empty()) {
    if (out[-1] != '{') *out++ = ',';
    out = put_literal(put_member(put_literal(out, R"("server":{)"), "ja3s", ja3s), "}");
  }
  return put_literal(out, "}");
}

char* put_related(char* out, const FlowRecord& record) noexcept {
  out = put_literal(out, R"(,"related":{"ip":[")");
  out = put_address(out, record.src.data(), record.ip_version);
  if (record.src != record.dst) {
    out = put_literal(out, R"(",")");
    out = put_address(out, record.dst.data(), record.ip_version);
  }
  return put_literal(out, R"("]})");
}

char* put_vlan(char* out, const FlowRecord& record) noexcept {
  if (record.vlan_count > 0) {
    out = put_decimal(put_literal(out, R"(,"vlan":{"id":")"), record.vlan_id[0]);
    out = put_literal(out, R"("})");
  }
  if (record.vlan_count > 1) {
    out = put_decimal(put_literal(out, R"(,"inner":{"vlan":{"id":")"), record.vlan_id[1]);
    out = put_literal(out, R"("}})");
  }
  return out;
}

}  // namespace

base::Result<std::unique_ptr<EcsWriter>> EcsWriter::create(const WriterContext& context) {
  auto community_id = CommunityId::create(context.community_id_seed);
  if (!community_id) return base::Unexpected(community_id.error());
  return std::unique_ptr<EcsWriter>(new EcsWriter(std::move(*community_id), context));
}

EcsWriter::EcsWriter(CommunityId community_id, const WriterContext& context)
    : community_id_(std::move(community_id)),
      live_(context.live),
      encapsulations_(context.encapsulations),
      sources_(context.source_names, QuoteStyle::Json,
               context.live ? R"(,"ingress":{"interface":{"name":")" : R"(,"pcap_filename":")",
               context.live ? R"("}})" : "\""),
      observer_(observer_text(context.host)) {}

char* EcsWriter::put_flow(char* out, const FlowRecord& record, int64_t now_ns) noexcept {
  out = put_ecs_event(out, record, now_ns);
  out = put_endpoint(put_literal(out, R"(,"source":)"), record, kToServer);
  out = put_endpoint(put_literal(out, R"(,"destination":)"), record, kToClient);
  out = put_network(out, record);
  out = put_tls(out, record);
  out = put_related(out, record);
  out = put_observer(out, record);
  out = put_own(out, record);
  return put_literal(out, "}\n");
}

char* EcsWriter::put_ecs_event(char* out, const FlowRecord& record, int64_t now_ns) noexcept {
  const bool final = record.update.index == 0;
  out = put_date(time_, put_literal(out, R"({"@timestamp":")"), live_ ? now_ns : record.end_ns);
  out = put_literal(out, R"(","ecs":{"version":"9.0.0"},"event":{"kind":"event",)"
                         R"("category":["network"],"type":["connection")");
  if (final) out = put_literal(out, R"(,"end")");
  out = put_decimal(put_literal(out, R"(],"action":"network_flow","module":"pktana",)"
                                     R"("dataset":"pktana.flow","id":")"),
                    record.flow_id);
  out = put_decimal(put_literal(out, R"(","sequence":)"), ++seq_);
  out = put_date(start_, put_literal(out, R"(,"start":")"), record.start_ns);
  out = put_date(end_, put_literal(out, R"(","end":")"), record.end_ns);
  out = put_decimal(put_literal(out, R"(","duration":)"),
                    duration_ns(record.start_ns, record.end_ns));
  if (!final) return put_literal(out, "}");
  out = put_text(put_literal(out, R"(,"reason":")"), flow::to_string(record.end_reason));
  return put_literal(out, R"("})");
}

char* EcsWriter::put_network(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.totals;
  out = put_decimal(put_literal(out, R"(,"network":{"type":"ipv)"), record.ip_version);
  out = put_lower(put_literal(out, R"(","transport":")"), flow::protocol_name(record.protocol));
  out = put_decimal(put_literal(out, R"(","iana_number":")"), record.protocol);
  *out++ = '"';
  out = put_member(out, "protocol", known_app_proto(record));
  out = put_decimal(put_literal(out, R"(,"bytes":)"), server.bytes + client.bytes);
  out = put_decimal(put_literal(out, R"(,"packets":)"), server.packets + client.packets);
  out = community_id_.put(put_literal(out, R"(,"community_id":")"), record);
  *out++ = '"';
  out = put_vlan(out, record);
  *out++ = '}';
  return out;
}

char* EcsWriter::put_observer(char* out, const FlowRecord& record) noexcept {
  out = put_text(out, observer_);
  if (live_) out = put_text(out, sources_.text(record.source_id));
  *out++ = '}';
  return out;
}

char* EcsWriter::put_own(char* out, const FlowRecord& record) noexcept {
  out = put_own_members(put_literal(out, R"(,"pktana":{"schema":1,)"), record, encapsulations_);
  if (record.update.index > 0) out = put_update(out, record.update);
  if (!live_) out = put_text(out, sources_.text(record.source_id));
  *out++ = '}';
  return out;
}

char* EcsWriter::put_stats(char* out, const StatsRecord& record) {
  char head[512];
  char* end = put_date(time_, put_literal(head, R"({"@timestamp":")"), record.time_ns);
  end =
      put_literal(end, R"(","ecs":{"version":"9.0.0"},"event":{"kind":"metric","module":"pktana",)"
                       R"("dataset":"pktana.stats","sequence":)");
  end = put_literal(put_decimal(end, ++seq_), "}");
  std::string before(head, static_cast<size_t>(end - head));
  before += observer_ + R"(},"pktana":{"schema":1)";
  return put_stats_line(out, record, {.before = before, .after = "}}\n"});
}

}  // namespace pktana::sink
