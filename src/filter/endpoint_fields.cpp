// SPDX-License-Identifier: Apache-2.0
// Fields of who talks to whom: addresses, ports, protocol, VLAN, tunnel, interface.
#include <algorithm>

#include "filter/field_groups.h"
#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"

namespace pktana::filter {
namespace {

using Combine = LogPlace::Combine;

constexpr size_t kProtocols = 256;

std::array<std::string_view, kProtocols> protocol_words() noexcept {
  std::array<std::string_view, kProtocols> words;
  for (size_t i = 0; i < kProtocols; ++i)
    words[i] = flow::protocol_name(static_cast<uint8_t>(i));
  return words;
}
const std::array<std::string_view, kProtocols> kProtocolWords = protocol_words();

bool has_ports(const flow::FlowRecord& record) noexcept {
  return record.protocol == flow::kProtocolTcp || record.protocol == flow::kProtocolUdp ||
         record.protocol == flow::kProtocolSctp;
}

bool is_icmp(const flow::FlowRecord& record) noexcept {
  return record.protocol == flow::kProtocolIcmp || record.protocol == flow::kProtocolIcmpv6;
}

void get_src_ip(const RecordView& view, Values& out) {
  out.add_address(Address::from_bytes(view.record.src.data(), view.record.ip_version));
}
void get_dest_ip(const RecordView& view, Values& out) {
  out.add_address(Address::from_bytes(view.record.dst.data(), view.record.ip_version));
}
void get_ip(const RecordView& view, Values& out) {
  get_src_ip(view, out);
  get_dest_ip(view, out);
}
void get_src_port(const RecordView& view, Values& out) {
  if (has_ports(view.record)) out.add_number(view.record.src_port);
}
void get_dest_port(const RecordView& view, Values& out) {
  if (has_ports(view.record)) out.add_number(view.record.dst_port);
}
void get_port(const RecordView& view, Values& out) {
  get_src_port(view, out);
  get_dest_port(view, out);
}
void get_ip_version(const RecordView& view, Values& out) { out.add_number(view.record.ip_version); }
void get_proto(const RecordView& view, Values& out) { out.add_number(view.record.protocol); }
void get_icmp_type(const RecordView& view, Values& out) {
  if (is_icmp(view.record)) out.add_number(view.record.icmp_type);
}
void get_icmp_code(const RecordView& view, Values& out) {
  if (is_icmp(view.record)) out.add_number(view.record.icmp_code);
}
void get_response_icmp_type(const RecordView& view, Values& out) {
  if (view.record.has_icmp_response) out.add_number(view.record.response_icmp_type);
}
void get_response_icmp_code(const RecordView& view, Values& out) {
  if (view.record.has_icmp_response) out.add_number(view.record.response_icmp_code);
}
void get_vlan(const RecordView& view, Values& out) {
  const unsigned count = std::min<unsigned>(view.record.vlan_count, flow::kMaxRecordVlans);
  for (unsigned i = 0; i < count; ++i)
    out.add_number(view.record.vlan_id[i]);
}
void get_tunnel(const RecordView& view, Values& out) {
  if (view.record.encapsulation != 0) out.add_number(1);
}
void get_source(const RecordView& view, Values& out) {
  if (view.names == nullptr) return;
  const std::string_view name = view.names->source(view.record.source_id);
  if (!name.empty()) out.add_text(name);
}
void get_community_id(const RecordView& view, Values& out) {
  if (view.names == nullptr) return;
  const std::string_view id = view.names->community_id(view.record, out.scratch);
  if (!id.empty()) out.add_text(id);
}

// clang-format off
const std::array kFields{
    Field{"src_ip", FieldType::Address, "address of the initiator", {{"src_ip"}}, get_src_ip},
    Field{"dest_ip", FieldType::Address, "address of the responder", {{"dest_ip"}}, get_dest_ip},
    Field{"ip", FieldType::Address, "either address", {{"src_ip", "dest_ip"}, Combine::All}, get_ip},
    Field{"src_port", FieldType::Port, "port of the initiator (TCP, UDP, SCTP)", {{"src_port"}}, get_src_port},
    Field{"dest_port", FieldType::Port, "port of the responder (TCP, UDP, SCTP)", {{"dest_port"}}, get_dest_port},
    Field{"port", FieldType::Port, "either port", {{"src_port", "dest_port"}, Combine::All}, get_port},
    Field{"ip_v", FieldType::Number, "IP version: 4 or 6", {{"ip_v"}}, get_ip_version},
    Field{"proto", FieldType::Word, "IP protocol, by name or number", {{"proto"}}, get_proto, kProtocolWords},
    Field{"icmp_type", FieldType::Number, "ICMP type of the initiator", {{"icmp_type"}}, get_icmp_type},
    Field{"icmp_code", FieldType::Number, "ICMP code of the initiator", {{"icmp_code"}}, get_icmp_code},
    Field{"response_icmp_type", FieldType::Number, "ICMP type of the answer", {{"response_icmp_type"}}, get_response_icmp_type},
    Field{"response_icmp_code", FieldType::Number, "ICMP code of the answer", {{"response_icmp_code"}}, get_response_icmp_code},
    Field{"vlan", FieldType::Number, "VLAN ids, any of the stack", {{"vlan"}}, get_vlan},
    Field{"tunnel", FieldType::Flag, "the flow is inside a tunnel", {{"pktana.tunnel"}}, get_tunnel},
    Field{"in_iface", FieldType::Text, "interface (live) or capture file", {{"in_iface", "pcap_filename"}}, get_source},
    Field{"community_id", FieldType::Text, "Community ID version 1", {{"community_id"}}, get_community_id},
};
// clang-format on

}  // namespace

std::span<const Field> endpoint_fields() noexcept { return kFields; }

}  // namespace pktana::filter
