// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_scan.h"

#include "flow/protocol_name.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::ScanRecord;

char* put_ports(char* out, const ScanRecord& record) noexcept {
  if (record.port_count == 0) return out;
  out = put_decimal(put_literal(out, R"(,"port_count":)"), record.port_count);
  out = put_literal(out, R"(,"ports":[)");
  for (unsigned i = 0; i < record.named_ranges; ++i) {
    if (i > 0) *out++ = ',';
    const auto [first, last] = record.ports[i];
    *out++ = '"';
    out = put_decimal(out, first);
    if (last != first) out = put_decimal(put_literal(out, "-"), last);
    *out++ = '"';
  }
  *out++ = ']';
  return record.more_ports ? put_literal(out, R"(,"more_ports":true)") : out;
}

char* put_targets(char* out, const ScanRecord& record) noexcept {
  out = put_decimal(put_literal(out, R"(,"target_count":)"), record.target_count);
  if (record.targets_estimated) out = put_literal(out, R"(,"targets_estimated":true)");
  out = put_literal(out, R"(,"targets":[)");
  for (unsigned i = 0; i < record.named_targets; ++i) {
    if (i > 0) *out++ = ',';
    *out++ = '"';
    out = put_address(out, record.target[i].data(), record.ip_version);
    *out++ = '"';
  }
  return put_literal(out, "]");
}

char* put_addresses(char* out, const ScanRecord& record) noexcept {
  out = put_address(put_literal(out, R"(,"src_ip":")"), record.src.data(), record.ip_version);
  *out++ = '"';
  if (record.target_count == 1 && record.named_targets == 1) {
    out = put_literal(out, R"(,"dest_ip":")");
    out = put_address(out, record.target[0].data(), record.ip_version);
    *out++ = '"';
  }
  if (record.port_count == 1)
    out = put_decimal(put_literal(out, R"(,"dest_port":)"), record.ports[0].first);
  out = put_decimal(put_literal(out, R"(,"ip_v":)"), record.ip_version);
  out = put_text(put_literal(out, R"(,"proto":")"), flow::protocol_name(record.protocol));
  return put_literal(out, "\"");
}

}  // namespace

char* put_eve_scan(char* out, const ScanRecord& record, const EveScanContext& context) noexcept {
  TimestampText time;
  out = time.put(put_literal(out, R"({"timestamp":")"), context.time_ns);
  out = put_literal(out, R"(","event_type":"scan")");
  out = put_addresses(out, record);
  out = put_text(put_text(out, context.host), context.source);
  out = put_decimal(put_literal(out, R"(,"pktana":{"schema":1,"seq":)"), context.seq);
  out = put_text(put_literal(out, R"(,"scan":{"type":")"), flow::to_string(record.kind));
  out = time.put(put_literal(out, R"(","start":")"), record.start_ns);
  out = time.put(put_literal(out, R"(","end":")"), record.end_ns);
  out = put_decimal(put_literal(out, R"(","attempts":)"), record.attempts);
  out = put_decimal(put_literal(out, R"(,"refused":)"), record.refused);
  out = put_decimal(put_literal(out, R"(,"packets":)"), record.packets);
  out = put_decimal(put_literal(out, R"(,"bytes":)"), record.bytes);
  out = put_targets(out, record);
  out = put_ports(out, record);
  return put_literal(out, "}}}\n");
}

}  // namespace pktana::sink
