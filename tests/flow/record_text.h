// SPDX-License-Identifier: Apache-2.0
// Every field of a record as one line of text: for comparing records as sets, and to read what
// differs.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "flow/flow_record.h"

namespace pktana::flow {

inline std::string text_of(const FlowRecord& record) {
  std::ostringstream out;
  out << record.flow_id << ' ' << record.key_hash << ' ' << record.start_ns << '-' << record.end_ns;
  for (const DirectionTotals& totals : record.totals)
    out << ' ' << totals.packets << '/' << totals.bytes << '/' << totals.payload_bytes;
  for (const auto& address : {record.src, record.dst})
    for (const uint8_t byte : address)
      out << ' ' << int{byte};
  out << ' ' << record.src_port << ' ' << record.dst_port << ' ' << record.source_id;
  for (const uint16_t id : record.vlan_id)
    out << ' ' << id;
  out << ' ' << int{record.vlan_count} << ' ' << int{record.ip_version} << ' '
      << int{record.protocol} << ' ' << to_string(record.end_reason) << ' ' << record.at_shutdown
      << ' ' << to_string(record.state) << ' ' << to_string(record.tcp_state) << ' '
      << to_string(record.initiator_basis) << ' ' << int{record.tcp_flags[0]} << ' '
      << int{record.tcp_flags[1]} << ' ' << record.has_icmp_response << ' ' << int{record.icmp_type}
      << ' ' << int{record.icmp_code} << ' ' << int{record.response_icmp_type} << ' '
      << int{record.response_icmp_code} << ' ' << record.truncated_packets << ' '
      << record.continuation;
  return out.str();
}

/// The records in an order that does not depend on when each one ended.
inline std::vector<std::string> sorted_text(const std::vector<FlowRecord>& records) {
  std::vector<std::string> lines;
  lines.reserve(records.size());
  for (const FlowRecord& record : records)
    lines.push_back(text_of(record));
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace pktana::flow
