// SPDX-License-Identifier: Apache-2.0
#include "filter/expression_records.h"

#include <cstdlib>

#include <arpa/inet.h>

namespace pktana::filter {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kEightOClock = 1'795'420'800 * kSecond;  // 2026-11-23T08:00:00Z

void set_ends(FlowRecord& record, uint8_t version, const char* src, const char* dst) {
  record.ip_version = version;
  ::inet_pton(version == 4 ? AF_INET : AF_INET6, src, record.src.data());
  ::inet_pton(version == 4 ? AF_INET : AF_INET6, dst, record.dst.data());
}

void set_times(FlowRecord& record, int64_t after_eight_ns, int64_t duration_ns) {
  record.start_ns = kEightOClock + after_eight_ns;
  record.end_ns = record.start_ns + duration_ns;
}

FlowRecord web() {
  FlowRecord record;
  record.flow_id = 1001;
  set_ends(record, 4, "192.0.2.10", "198.51.100.80");
  record.src_port = 51000;
  record.dst_port = 443;
  record.protocol = 6;
  record.totals[kToServer] = {.packets = 50, .bytes = 5'000, .payload_bytes = 1'700};
  record.totals[kToClient] = {.packets = 70, .bytes = 95'000, .payload_bytes = 91'200};
  set_times(record, 0, 12 * kSecond + kSecond / 2);
  record.vlan_id[0] = 100;
  record.vlan_count = 1;
  record.end_reason = flow::EndReason::Closed;
  record.state = flow::FlowState::Closed;
  record.tcp_state = flow::TcpState::Closed;
  record.initiator_basis = flow::InitiatorBasis::Syn;
  record.conn_state = flow::ConnState::SF;
  record.history = {'S', 'h', 'A', 'D', 'a', 'd', 'F', 'f'};
  record.tcp_flags = {0x1B, 0x1B};
  record.tcp.handshake_us = 25'000;
  record.tcp.side[kToServer].retransmits = 1;
  record.tcp.side[kToServer].mss = 1460;
  record.tcp.side[kToServer].rtt = {
      .sum_us = 90'000, .count = 3, .min_us = 20'000, .max_us = 40'000};
  record.tcp.side[kToClient].retransmits = 3;
  record.tcp.side[kToClient].lost_bytes = 2'800;
  record.tcp.side[kToClient].mss = 1400;
  return record;
}

FlowRecord dns() {
  FlowRecord record;
  record.flow_id = 1002;
  set_ends(record, 4, "192.0.2.10", "192.0.2.53");
  record.src_port = 40000;
  record.dst_port = 53;
  record.protocol = 17;
  record.totals[kToServer] = {.packets = 1, .bytes = 80, .payload_bytes = 38};
  record.totals[kToClient] = {.packets = 1, .bytes = 200, .payload_bytes = 158};
  set_times(record, kSecond, kSecond / 50);
  record.state = flow::FlowState::Established;
  record.conn_state = flow::ConnState::SF;
  record.history = {'D', 'd'};
  return record;
}

FlowRecord ping() {
  FlowRecord record;
  record.flow_id = 1003;
  set_ends(record, 4, "192.0.2.10", "198.51.100.1");
  record.protocol = 1;
  record.icmp_type = 8;
  record.has_icmp_response = true;
  record.totals[kToServer] = {.packets = 4, .bytes = 392, .payload_bytes = 224};
  record.totals[kToClient] = {.packets = 4, .bytes = 392, .payload_bytes = 224};
  set_times(record, 3600 * kSecond, 3 * kSecond + kSecond / 20);
  record.state = flow::FlowState::Established;
  record.initiator_basis = flow::InitiatorBasis::IcmpRequest;
  record.source_id = 1;
  return record;
}

FlowRecord scan() {
  FlowRecord record;
  record.flow_id = 1004;
  set_ends(record, 4, "203.0.113.66", "192.0.2.10");
  record.src_port = 60000;
  record.dst_port = 22;
  record.protocol = 6;
  record.totals[kToServer] = {.packets = 1, .bytes = 60, .payload_bytes = 0};
  set_times(record, 16 * 3600 * kSecond, 0);  // 2026-11-24T00:00:00Z
  record.tcp_state = flow::TcpState::SynSent;
  record.initiator_basis = flow::InitiatorBasis::Syn;
  record.conn_state = flow::ConnState::S0;
  record.history = {'S'};
  record.tcp_flags = {0x02, 0};
  record.icmp_errors = {.count = 1, .type = 3, .code = 10};
  return record;
}

FlowRecord long_ipv6() {
  FlowRecord record;
  record.flow_id = 1005;
  set_ends(record, 6, "2001:db8::10", "2001:db8:1::443");
  record.src_port = 50000;
  record.dst_port = 443;
  record.protocol = 17;
  record.totals[kToServer] = {.packets = 1000, .bytes = 100'000, .payload_bytes = 38'000};
  record.totals[kToClient] = {.packets = 9000, .bytes = 12'000'000, .payload_bytes = 11'442'000};
  set_times(record, 1800 * kSecond, 3600 * kSecond);
  record.vlan_id = {100, 200};
  record.vlan_count = 2;
  record.end_reason = flow::EndReason::Evicted;
  record.state = flow::FlowState::Established;
  record.initiator_basis = flow::InitiatorBasis::Port;
  record.conn_state = flow::ConnState::SF;
  record.history = {'D', 'd'};
  record.encapsulation = 3;
  return record;
}

FlowRecord gre() {
  FlowRecord record;
  record.flow_id = 1006;
  set_ends(record, 4, "10.0.0.1", "10.0.0.2");
  record.protocol = 47;
  record.totals[kToServer] = {.packets = 5, .bytes = 700, .payload_bytes = 530};
  set_times(record, -(8 * 3600 + 1) * kSecond, 600 * kSecond);  // 2026-11-22T23:59:59Z
  record.end_reason = flow::EndReason::Active;
  record.truncated_packets = 5;
  record.continuation = 2;
  return record;
}

}  // namespace

FlowRecord sample_record(char letter) {
  switch (letter) {
    case 'W':
      return web();
    case 'D':
      return dns();
    case 'P':
      return ping();
    case 'S':
      return scan();
    case 'V':
      return long_ipv6();
    case 'G':
      return gre();
    default:
      std::abort();
  }
}

std::string_view SampleNames::source(uint16_t source_id) const noexcept {
  return source_id == 0 ? "eth0" : "trace.pcap";
}

std::string_view SampleNames::community_id(const FlowRecord& record,
                                           std::span<char> out) const noexcept {
  out[0] = '1';
  out[1] = ':';
  out[2] = kSampleLetters[record.flow_id - 1001];
  return {out.data(), 3};
}

std::string matching(const Expression& expression) {
  const SampleNames names;
  std::string letters;
  for (const char letter : kSampleLetters)
    if (expression.matches(RecordView{sample_record(letter), &names})) letters += letter;
  return letters;
}

}  // namespace pktana::filter
