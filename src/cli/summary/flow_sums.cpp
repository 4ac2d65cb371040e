// SPDX-License-Identifier: Apache-2.0
#include "cli/summary/flow_sums.h"

#include <algorithm>
#include <cstring>

#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/text.h"

namespace pktana::cli {
namespace {

using flow::ConnState;

void add_to(Share& sum, const Share& more) noexcept {
  sum.flows += more.flows;
  sum.packets += more.packets;
  sum.bytes += more.bytes;
}

std::string text_of(const filter::Address& address) {
  std::array<uint8_t, 16> bytes;
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(address.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<uint8_t>(address.low >> (56 - 8 * i));
  }
  char text[64];
  const char* const end =
      address.is_ipv4() ? sink::put_ipv4(text, &bytes[12]) : sink::put_ipv6(text, bytes.data());
  return {text, static_cast<size_t>(end - text)};
}

std::string application_of(const flow::FlowRecord& record) {
  if (record.app_proto == nullptr) return "(none)";
  return std::strcmp(record.app_proto, "failed") == 0 ? "(unknown)" : record.app_proto;
}

bool has_ports(const flow::FlowRecord& record) noexcept {
  return record.protocol == flow::kProtocolTcp || record.protocol == flow::kProtocolUdp ||
         record.protocol == flow::kProtocolSctp;
}

}  // namespace

void FlowSums::see(std::span<const flow::FlowRecord> records) noexcept {
  const std::lock_guard lock(mutex_);
  for (const flow::FlowRecord& record : records)
    if (record.is_final()) add(record);
}

void FlowSums::add(const flow::FlowRecord& record) {
  const auto& [to_server, to_client] = record.totals;
  const Share share{.flows = 1,
                    .packets = to_server.packets + to_client.packets,
                    .bytes = to_server.bytes + to_client.bytes};
  const std::string protocol(flow::protocol_name(record.protocol));
  add_to(all_, share);
  add_to(protocols_[protocol], share);
  add_to(applications_[application_of(record)], share);
  if (has_ports(record)) add_to(ports_[protocol + "/" + std::to_string(record.dst_port)], share);
  const auto src = filter::Address::from_bytes(record.src.data(), record.ip_version);
  const auto dst = filter::Address::from_bytes(record.dst.data(), record.ip_version);
  add_host(src, share);
  if (dst != src) add_host(dst, share);
  if (record.protocol == flow::kProtocolTcp) add_tcp(record);
}

void FlowSums::add_host(const filter::Address& address, const Share& share) {
  const auto found = hosts_.find(address);
  if (found != hosts_.end())
    add_to(found->second, share);
  else if (hosts_.size() < kMaxHosts)
    hosts_.emplace(address, share);
  else
    ++hosts_left_out_;
}

void FlowSums::add_tcp(const flow::FlowRecord& record) {
  ++tcp_.flows;
  tcp_.completed += record.conn_state == ConnState::SF;
  tcp_.unanswered += record.conn_state == ConnState::S0 || record.conn_state == ConnState::SH;
  tcp_.refused += record.conn_state == ConnState::Rej;
  tcp_.reset += record.conn_state == ConnState::RstO || record.conn_state == ConnState::RstR;
  for (const auto& totals : record.totals)
    tcp_.segments += totals.packets;
  for (const flow::TcpSide& side : record.tcp.side) {
    tcp_.retransmits += side.retransmits;
    tcp_.out_of_order += side.out_of_order;
    tcp_.zero_windows += side.zero_windows;
    tcp_.lost_bytes += side.lost_bytes;
  }
  tcp_.incomplete += record.tcp.incomplete;
  if (record.tcp.handshake_us == flow::kUnknownUs) return;
  ++tcp_.handshakes;
  tcp_.handshake_us += record.tcp.handshake_us;
  tcp_.slowest_us = std::max(tcp_.slowest_us, record.tcp.handshake_us);
}

std::map<std::string, Share> FlowSums::hosts() const {
  std::map<std::string, Share> named;
  for (const auto& [address, share] : hosts_)
    named.emplace(text_of(address), share);
  return named;
}

}  // namespace pktana::cli
