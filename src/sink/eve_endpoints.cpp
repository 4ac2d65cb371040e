// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_endpoints.h"

#include <algorithm>

#include "flow/icmp_pairs.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;

bool has_ports(const FlowRecord& record) noexcept {
  return record.protocol == flow::kProtocolTcp || record.protocol == flow::kProtocolUdp ||
         record.protocol == flow::kProtocolSctp;
}

}  // namespace

char* put_eve_vlan(char* out, const FlowRecord& record) noexcept {
  const unsigned count = std::min<unsigned>(record.vlan_count, flow::kMaxRecordVlans);
  if (count == 0) return out;
  out = put_literal(out, R"(,"vlan":[)");
  for (unsigned i = 0; i < count; ++i) {
    if (i > 0) *out++ = ',';
    out = put_decimal(out, record.vlan_id[i]);
  }
  *out++ = ']';
  return out;
}

char* put_eve_endpoints(char* out, const FlowRecord& record, bool turned) noexcept {
  const bool ports = has_ports(record);
  const auto& src = turned ? record.dst : record.src;
  const auto& dst = turned ? record.src : record.dst;
  out = put_address(put_literal(out, R"(,"src_ip":")"), src.data(), record.ip_version);
  *out++ = '"';
  if (ports)
    out = put_decimal(put_literal(out, R"(,"src_port":)"),
                      turned ? record.dst_port : record.src_port);
  out = put_address(put_literal(out, R"(,"dest_ip":")"), dst.data(), record.ip_version);
  *out++ = '"';
  if (ports)
    out = put_decimal(put_literal(out, R"(,"dest_port":)"),
                      turned ? record.src_port : record.dst_port);
  return out;
}

}  // namespace pktana::sink
