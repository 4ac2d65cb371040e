// SPDX-License-Identifier: Apache-2.0
// Flow records for the tests of the writers, and their lines read back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>

#include <simdjson.h>

#include "flow/flow_record.h"
#include "sink/record_writer.h"
#include "sink/text.h"

namespace pktana::sink {

inline constexpr int64_t kSampleStartNs = 1'491'603'877'251'547'389;  // 2017-04-07 22:24:37 UTC

inline void set_addresses(flow::FlowRecord& record, const char* src, const char* dst) {
  const bool is_v6 = std::string_view(src).find(':') != std::string_view::npos;
  record.ip_version = is_v6 ? 6 : 4;
  record.src = {};
  record.dst = {};
  ::inet_pton(is_v6 ? AF_INET6 : AF_INET, src, record.src.data());
  ::inet_pton(is_v6 ? AF_INET6 : AF_INET, dst, record.dst.data());
}

/// A TCP connection that was closed by both sides.
inline flow::FlowRecord tcp_record() {
  flow::FlowRecord record;
  record.flow_id = 507343008532164;
  record.start_ns = kSampleStartNs;
  record.end_ns = kSampleStartNs + 2'470'287'001;
  record.totals[flow::kToServer] = {.packets = 4, .bytes = 686, .payload_bytes = 420};
  record.totals[flow::kToClient] = {.packets = 5, .bytes = 3589, .payload_bytes = 3255};
  set_addresses(record, "192.168.20.37", "70.32.97.206");
  record.src_port = 63592;
  record.dst_port = 80;
  record.protocol = 6;
  record.end_reason = flow::EndReason::Closed;
  record.state = flow::FlowState::Closed;
  record.tcp_state = flow::TcpState::Closed;
  record.initiator_basis = flow::InitiatorBasis::Syn;
  record.tcp_flags = {0x1A, 0x1B};
  return record;
}

/// The same with two VLAN tags and all that only some formats write.
inline flow::FlowRecord full_tcp_record() {
  flow::FlowRecord record = tcp_record();
  record.vlan_id = {10, 20, 0};
  record.vlan_count = 2;
  record.totals[flow::kToServer].ip_bytes = 630;
  record.totals[flow::kToClient].ip_bytes = 3519;
  record.totals[flow::kToServer].sequence_bytes = 400;
  record.totals[flow::kToClient].sequence_bytes = 4715;
  record.conn_state = flow::ConnState::SF;
  std::string_view("ShADadfF").copy(record.history.data(), record.history.size());
  record.tcp.side[flow::kToClient].lost_bytes = 1460;
  record.tcp.side[flow::kToServer].retransmits = 2;
  record.tcp.side[flow::kToClient].out_of_order = 3;
  record.tcp.side[flow::kToClient].rtt = {.sum_us = 1000, .count = 3, .min_us = 300, .max_us = 400};
  record.tcp.handshake_us = 21'000;
  return record;
}

inline flow::FlowRecord udp_record() {
  flow::FlowRecord record = tcp_record();
  record.protocol = 17;
  record.dst_port = 53;
  record.end_reason = flow::EndReason::Idle;
  record.state = flow::FlowState::Established;
  record.tcp_state = flow::TcpState::None;
  record.initiator_basis = flow::InitiatorBasis::FirstPacket;
  record.tcp_flags = {};
  return record;
}

/// A flow of a protocol without ports.
inline flow::FlowRecord plain_record(uint8_t protocol) {
  flow::FlowRecord record = udp_record();
  record.protocol = protocol;
  record.src_port = record.dst_port = 0;
  return record;
}

/// An echo request and its reply.
inline flow::FlowRecord ping_record() {
  flow::FlowRecord record = plain_record(1);
  set_addresses(record, "192.168.0.89", "192.168.0.1");
  record.icmp_type = 8;
  record.has_icmp_response = true;
  record.initiator_basis = flow::InitiatorBasis::IcmpRequest;
  return record;
}

/// The lines that a writer makes of one record.
inline std::string flow_lines(RecordWriter& writer, const flow::FlowRecord& record,
                              int64_t now_ns = 0) {
  std::string line(kMaxLineBytes, '#');
  const char* end = writer.put_flow(line.data(), record, now_ns);
  line.resize(static_cast<size_t>(end - line.data()));
  return line;
}

/// One JSON line, read back by somebody else's parser.
class JsonLine {
 public:
  explicit JsonLine(std::string_view line) : root_(parser_.parse(line.data(), line.size())) {}

  /// Value at a JSON pointer ("/flow/age"); a missing one throws, which fails the test.
  [[nodiscard]] std::string text(std::string_view pointer) const {
    return std::string(std::string_view(root_.at_pointer(pointer)));
  }
  [[nodiscard]] uint64_t number(std::string_view pointer) const {
    return root_.at_pointer(pointer).get_uint64();
  }
  [[nodiscard]] bool flag(std::string_view pointer) const {
    return root_.at_pointer(pointer).get_bool();
  }
  [[nodiscard]] bool has(std::string_view pointer) const {
    return root_.at_pointer(pointer).error() == simdjson::SUCCESS;
  }
  [[nodiscard]] bool is_null(std::string_view pointer) const {
    return root_.at_pointer(pointer).is_null();
  }
  /// The keys of the object at `pointer`, in the order of the line.
  [[nodiscard]] std::vector<std::string> keys(std::string_view pointer = "") const {
    std::vector<std::string> names;
    for (const auto& field : simdjson::dom::object(root_.at_pointer(pointer)))
      names.emplace_back(field.key);
    return names;
  }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

}  // namespace pktana::sink
