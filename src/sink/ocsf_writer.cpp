// SPDX-License-Identifier: Apache-2.0
#include "sink/ocsf_writer.h"

#include <algorithm>
#include <utility>

#include "config.h"
#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/eve_app.h"
#include "sink/own_text.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;

/// Activities of class 4001, and their names.
struct Activity {
  char id;
  std::string_view name;
};
constexpr Activity kClose{'2', "Close"};
constexpr Activity kReset{'3', "Reset"};
constexpr Activity kFail{'4', "Fail"};
constexpr Activity kRefuse{'5', "Refuse"};
constexpr Activity kTraffic{'6', "Traffic"};

Activity activity_of(const FlowRecord& record) noexcept {
  if (record.protocol != flow::kProtocolTcp || record.update.index > 0) return kTraffic;
  if (record.conn_state == flow::ConnState::Rej) return kRefuse;
  if (record.end_reason == flow::EndReason::Closed) return kClose;
  if (record.end_reason == flow::EndReason::Reset) return kReset;
  return record.conn_state == flow::ConnState::S0 ? kFail : kTraffic;
}

/// Milliseconds; the schema has no signs for times before 1970, but JSON has.
char* put_ms(char* out, int64_t ns) noexcept {
  const int64_t ms = ns / 1'000'000;
  if (ms < 0) *out++ = '-';
  return put_decimal(out, static_cast<uint64_t>(ms < 0 ? -ms : ms));
}

std::string host_text(const std::string& host) {
  return host.empty() ? std::string() : R"("name":")" + escaped_host(host) + '"';
}

char* put_head(char* out, const FlowRecord& record, int64_t time_ns) noexcept {
  const Activity activity = activity_of(record);
  out = put_literal(out, R"({"class_uid":4001,"class_name":"Network Activity","category_uid":4,)"
                         R"("category_name":"Network Activity","activity_id":)");
  *out++ = activity.id;
  out = put_text(put_literal(out, R"(,"activity_name":")"), activity.name);
  out = put_literal(out, R"(","type_uid":40010)");
  *out++ = activity.id;
  out = put_text(put_literal(out, R"(,"type_name":"Network Activity: )"), activity.name);
  out =
      put_ms(put_literal(out, R"(","severity_id":1,"severity":"Informational","time":)"), time_ns);
  out = put_ms(put_literal(out, R"(,"start_time":)"), record.start_ns);
  out = put_ms(put_literal(out, R"(,"end_time":)"), record.end_ns);
  out = put_decimal(put_literal(out, R"(,"duration":)"),
                    duration_ns(record.start_ns, record.end_ns) / 1'000'000);
  if (record.update.index > 0) return out;
  out = put_text(put_literal(out, R"(,"status_detail":")"), flow::to_string(record.end_reason));
  *out++ = '"';
  return out;
}

char* put_metadata(char* out, uint64_t seq) noexcept {
  out = put_literal(out, R"(,"metadata":{"version":"1.9.0-dev","product":{"name":"pktana",)"
                         R"("vendor_name":"pktana","version":")" PKTANA_VERSION
                         R"("},"log_name":"flow","sequence":)");
  out = put_decimal(out, seq);
  *out++ = '}';
  return out;
}

char* put_endpoint(char* out, const FlowRecord& record, flow::Direction sends) noexcept {
  const bool is_source = sends == kToServer;
  const bool ports = record.protocol == flow::kProtocolTcp ||
                     record.protocol == flow::kProtocolUdp ||
                     record.protocol == flow::kProtocolSctp;
  out = put_literal(out, R"({"ip":")");
  out = put_address(out, (is_source ? record.src : record.dst).data(), record.ip_version);
  *out++ = '"';
  if (ports)
    out =
        put_decimal(put_literal(out, R"(,"port":)"), is_source ? record.src_port : record.dst_port);
  if (record.vlan_count > 0) {
    out = put_decimal(put_literal(out, R"(,"vlan_uid":")"), record.vlan_id[0]);
    *out++ = '"';
  }
  if (const auto name = name_of(record); !is_source && !name.empty())
    out = put_quoted(put_literal(out, R"(,"hostname":)"), name, kMaxShortNameBytes);
  *out++ = '}';
  return out;
}

/// Members of the object network_traffic up to the '}'.
char* put_counts(char* out, const std::array<uint64_t, 2>& bytes,
                 const std::array<uint64_t, 2>& packets) noexcept {
  const auto [bytes_out, bytes_in] = bytes;
  const auto [packets_out, packets_in] = packets;
  out = put_decimal(put_literal(out, R"({"bytes":)"), bytes_out + bytes_in);
  out = put_decimal(put_literal(out, R"(,"bytes_out":)"), bytes_out);
  out = put_decimal(put_literal(out, R"(,"bytes_in":)"), bytes_in);
  out = put_decimal(put_literal(out, R"(,"packets":)"), packets_out + packets_in);
  out = put_decimal(put_literal(out, R"(,"packets_out":)"), packets_out);
  return put_decimal(put_literal(out, R"(,"packets_in":)"), packets_in);
}

/// A final record: `traffic` is the whole flow. An update: what is new, and the sum so far beside
/// it.
char* put_traffic(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.totals;
  if (record.update.index > 0) {
    out =
        put_counts(put_literal(out, R"(,"traffic":)"), record.update.bytes, record.update.packets);
    out = put_literal(out, R"(},"cumulative_traffic":)");
  } else {
    out = put_literal(out, R"(,"traffic":)");
  }
  out = put_counts(out, {server.bytes, client.bytes}, {server.packets, client.packets});
  if (record.protocol == flow::kProtocolTcp)
    out =
        put_decimal(put_literal(out, R"(,"bytes_missed":)"),
                    record.tcp.side[kToServer].lost_bytes + record.tcp.side[kToClient].lost_bytes);
  *out++ = '}';
  return out;
}

}  // namespace

base::Result<std::unique_ptr<OcsfWriter>> OcsfWriter::create(const WriterContext& context) {
  auto community_id = CommunityId::create(context.community_id_seed);
  if (!community_id) return base::Unexpected(community_id.error());
  return std::unique_ptr<OcsfWriter>(new OcsfWriter(std::move(*community_id), context));
}

OcsfWriter::OcsfWriter(CommunityId community_id, const WriterContext& context)
    : community_id_(std::move(community_id)),
      live_(context.live),
      encapsulations_(context.encapsulations),
      sources_(context.source_names, QuoteStyle::Json,
               context.live ? R"("interface_name":")" : R"(,"pcap_filename":")", "\""),
      host_(host_text(context.host)) {}

char* OcsfWriter::put_flow(char* out, const FlowRecord& record, int64_t now_ns) noexcept {
  out = put_head(out, record, live_ ? now_ns : record.end_ns);
  out = put_metadata(out, ++seq_);
  out = put_endpoint(put_literal(out, R"(,"src_endpoint":)"), record, kToServer);
  out = put_endpoint(put_literal(out, R"(,"dst_endpoint":)"), record, kToClient);
  out = put_connection(out, record);
  out = put_traffic(out, record);
  if (const auto app_proto = known_app_proto(record); !app_proto.empty())
    out = put_quoted(put_literal(out, R"(,"app_name":)"), app_proto, kMaxAppProtoBytes);
  out = put_observer(out, record);
  out = put_own(out, record);
  return put_literal(out, "}\n");
}

char* OcsfWriter::put_connection(char* out, const FlowRecord& record) noexcept {
  out = put_decimal(put_literal(out, R"(,"connection_info":{"uid":")"), record.flow_id);
  out = put_literal(out, R"(","direction_id":0,"direction":"Unknown","protocol_num":)");
  out = put_decimal(out, record.protocol);
  out = put_lower(put_literal(out, R"(,"protocol_name":")"), flow::protocol_name(record.protocol));
  out = put_decimal(put_literal(out, R"(","protocol_ver_id":)"), record.ip_version);
  if (record.protocol == flow::kProtocolTcp) {
    const auto [to_server, to_client] = record.tcp_flags;
    out = put_decimal(put_literal(out, R"(,"tcp_flags":)"), uint64_t{to_server} | to_client);
  }
  if (const std::string_view history = flow::view(record.history); !history.empty()) {
    out = put_text(put_literal(out, R"(,"flag_history":")"), history);
    *out++ = '"';
  }
  out = community_id_.put(put_literal(out, R"(,"community_uid":")"), record);
  return put_literal(out, R"("})");
}

char* OcsfWriter::put_observer(char* out, const FlowRecord& record) noexcept {
  const std::string_view interface = live_ ? sources_.text(record.source_id) : std::string_view{};
  if (host_.empty() && interface.empty()) return out;
  out = put_text(put_literal(out, R"(,"observation_point_id":3,"network_observation_point":{)"),
                 host_);
  if (!host_.empty() && !interface.empty()) *out++ = ',';
  out = put_text(out, interface);
  *out++ = '}';
  return out;
}

char* OcsfWriter::put_own(char* out, const FlowRecord& record) noexcept {
  out = put_own_members(put_literal(out, R"(,"unmapped":{"pktana":{"schema":1,)"), record,
                        encapsulations_);
  if (record.update.index > 0)
    out = put_decimal(put_literal(out, R"(,"update_index":)"), record.update.index);
  if (!live_) out = put_text(out, sources_.text(record.source_id));
  return put_literal(out, "}}");
}

}  // namespace pktana::sink
