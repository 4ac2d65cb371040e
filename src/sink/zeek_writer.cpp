// SPDX-License-Identifier: Apache-2.0
#include "sink/zeek_writer.h"

#include <utility>

#include "flow/icmp_pairs.h"
#include "sink/eve_app.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct Ports {
  uint16_t orig;
  uint16_t resp;
};

/// ICMP: type, and the type that answers it, or the code where nothing does. Without ports: 0.
Ports ports_of(const FlowRecord& record) noexcept {
  const bool icmp =
      record.protocol == flow::kProtocolIcmp || record.protocol == flow::kProtocolIcmpv6;
  if (!icmp) return {record.src_port, record.dst_port};
  const auto pair = flow::icmp_pair(record.protocol, record.icmp_type);
  if (!pair) return {record.icmp_type, record.icmp_code};
  const bool asks = record.icmp_type == pair->request;
  return {record.icmp_type, asks ? pair->reply : pair->request};
}

std::string_view transport_name(uint8_t protocol) noexcept {
  switch (protocol) {
    case flow::kProtocolTcp:
      return "tcp";
    case flow::kProtocolUdp:
      return "udp";
    case flow::kProtocolIcmp:
    case flow::kProtocolIcmpv6:
      return "icmp";
    default:
      return "unknown_transport";
  }
}

/// Seconds with six decimals; `ns` is rounded down to microseconds, towards zero before 1970.
char* put_seconds(char* out, uint64_t ns) noexcept {
  out = put_decimal(out, ns / 1'000'000'000);
  const auto micro = static_cast<uint32_t>(ns % 1'000'000'000 / 1000);
  *out++ = '.';
  return put_4_digits(put_2_digits(out, micro / 10'000), micro % 10'000);
}

char* put_epoch(char* out, int64_t ns) noexcept {
  if (ns >= 0) return put_seconds(out, static_cast<uint64_t>(ns));
  *out++ = '-';
  return put_seconds(out, 0 - static_cast<uint64_t>(ns));
}

char* put_identity(char* out, const FlowRecord& record) noexcept {
  const auto [orig, resp] = ports_of(record);
  out = put_epoch(put_literal(out, R"({"ts":)"), record.start_ns);
  out = put_zeek_uid(put_literal(out, R"(,"uid":")"), record.flow_id);
  out = put_literal(out, R"(","id.orig_h":")");
  out = put_address(out, record.src.data(), record.ip_version);
  out = put_decimal(put_literal(out, R"(","id.orig_p":)"), orig);
  out = put_literal(out, R"(,"id.resp_h":")");
  out = put_address(out, record.dst.data(), record.ip_version);
  out = put_decimal(put_literal(out, R"(","id.resp_p":)"), resp);
  out = put_text(put_literal(out, R"(,"proto":")"), transport_name(record.protocol));
  *out++ = '"';
  return out;
}

/// In Zeek's words, where it has others.
std::string_view service_name(std::string_view app_proto) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"tls", "ssl"}, {"dtls", "ssl"}, {"krb5", "krb"}, {"pgsql", "postgresql"}};
  for (const auto& [ours, zeeks] : kNames)
    if (app_proto == ours) return zeeks;
  return app_proto;
}

char* put_service(char* out, const FlowRecord& record) noexcept {
  const std::string_view app_proto = known_app_proto(record);
  if (app_proto.empty()) return out;
  return put_quoted(put_literal(out, R"(,"service":)"), service_name(app_proto), kMaxAppProtoBytes);
}

char* put_duration(char* out, const FlowRecord& record) noexcept {
  constexpr uint64_t kLeastNs = 1000;  // what Zeek can say
  const uint64_t duration = duration_ns(record.start_ns, record.end_ns);
  if (duration < kLeastNs) return out;
  out = put_seconds(put_literal(out, R"(,"duration":)"), duration);
  out = put_decimal(put_literal(out, R"(,"orig_bytes":)"), record.totals[kToServer].sequence_bytes);
  return put_decimal(put_literal(out, R"(,"resp_bytes":)"),
                     record.totals[kToClient].sequence_bytes);
}

char* put_state(char* out, const FlowRecord& record) noexcept {
  const uint64_t missed =
      record.tcp.side[kToServer].lost_bytes + record.tcp.side[kToClient].lost_bytes;
  out = put_text(put_literal(out, R"(,"conn_state":")"), flow::to_string(record.conn_state));
  out = put_decimal(put_literal(out, R"(","missed_bytes":)"), missed);
  const std::string_view history = flow::view(record.history);
  if (history.empty()) return out;
  out = put_text(put_literal(out, R"(,"history":")"), history);
  *out++ = '"';
  return out;
}

char* put_counts(char* out, const FlowRecord& record) noexcept {
  const auto& [orig, resp] = record.totals;
  out = put_decimal(put_literal(out, R"(,"orig_pkts":)"), orig.packets);
  out = put_decimal(put_literal(out, R"(,"orig_ip_bytes":)"), orig.ip_bytes);
  out = put_decimal(put_literal(out, R"(,"resp_pkts":)"), resp.packets);
  return put_decimal(put_literal(out, R"(,"resp_ip_bytes":)"), resp.ip_bytes);
}

char* put_vlan(char* out, const FlowRecord& record) noexcept {
  if (record.vlan_count > 0) out = put_decimal(put_literal(out, R"(,"vlan":)"), record.vlan_id[0]);
  if (record.vlan_count > 1)
    out = put_decimal(put_literal(out, R"(,"inner_vlan":)"), record.vlan_id[1]);
  return out;
}

}  // namespace

char* put_zeek_uid(char* out, uint64_t flow_id) noexcept {
  *out = 'C';
  for (size_t i = kZeekUidBytes - 1; i > 0; --i, flow_id /= kBase62.size())
    out[i] = kBase62[flow_id % kBase62.size()];
  return out + kZeekUidBytes;
}

base::Result<std::unique_ptr<ZeekWriter>> ZeekWriter::create(const WriterContext& context) {
  auto community_id = CommunityId::create(context.community_id_seed);
  if (!community_id) return base::Unexpected(community_id.error());
  return std::unique_ptr<ZeekWriter>(new ZeekWriter(std::move(*community_id)));
}

char* ZeekWriter::put_flow(char* out, const FlowRecord& record, int64_t /*now_ns*/) noexcept {
  if (record.update.index > 0) return out;
  out = put_identity(out, record);
  out = put_service(out, record);
  out = put_duration(out, record);
  out = put_state(out, record);
  out = put_counts(out, record);
  out = put_vlan(out, record);
  out = community_id_.put(put_literal(out, R"(,"community_id":")"), record);
  out = put_decimal(put_literal(out, R"(","ip_proto":)"), record.protocol);
  return put_literal(out, "}\n");
}

}  // namespace pktana::sink
