// SPDX-License-Identifier: Apache-2.0
#include "oracle/eve_log.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <arpa/inet.h>

#include <simdjson.h>

#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/community_id.h"
#include "support/catch.h"

namespace pktana::oracle {
namespace {

namespace dom = simdjson::dom;
namespace fs = std::filesystem;

fs::path reference_of(const Capture& capture) {
  fs::path root = capture.path;
  for (size_t depth =
           1 + static_cast<size_t>(std::count(capture.name.begin(), capture.name.end(), '/'));
       depth > 0; --depth)
    root = root.parent_path();
  return root / "eve-reference" / (capture.name + ".jsonl");
}

std::string text_or(const dom::element& event, std::string_view pointer) {
  std::string_view value;
  return event.at_pointer(pointer).get(value) == simdjson::SUCCESS ? std::string(value) : "";
}

uint64_t number_or_zero(const dom::element& event, std::string_view pointer) {
  uint64_t value = 0;
  return event.at_pointer(pointer).get(value) == simdjson::SUCCESS ? value : 0;
}

/// The address as inet_ntop writes it: EVE spells IPv6 out.
std::string canonical(const std::string& address) {
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  std::array<uint8_t, 16> raw{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_pton(family, address.c_str(), raw.data()) != 1) FAIL("no address: " << address);
  ::inet_ntop(family, raw.data(), text.data(), text.size());
  return text.data();
}

EveFlow read_flow(const dom::element& event) {
  EveFlow flow;
  flow.protocol = text_or(event, "/proto");
  flow.state = text_or(event, "/flow/state");
  flow.community_id = text_or(event, "/community_id");
  flow.side[0] = {.address = canonical(text_or(event, "/src_ip")),
                  .port = static_cast<uint16_t>(number_or_zero(event, "/src_port")),
                  .packets = number_or_zero(event, "/flow/pkts_toserver"),
                  .bytes = number_or_zero(event, "/flow/bytes_toserver"),
                  .tcp_flags = text_or(event, "/tcp/tcp_flags_ts")};
  flow.side[1] = {.address = canonical(text_or(event, "/dest_ip")),
                  .port = static_cast<uint16_t>(number_or_zero(event, "/dest_port")),
                  .packets = number_or_zero(event, "/flow/pkts_toclient"),
                  .bytes = number_or_zero(event, "/flow/bytes_toclient"),
                  .tcp_flags = text_or(event, "/tcp/tcp_flags_tc")};
  dom::array vlans;
  if (event["vlan"].get(vlans) != simdjson::SUCCESS) return flow;
  for (const dom::element vlan : vlans)
    flow.vlan.push_back(static_cast<uint16_t>(vlan.get_uint64().value()));
  return flow;
}

std::string hex_of(uint8_t flags) {
  std::array<char, 3> text{};
  std::snprintf(text.data(), text.size(), "%02x", flags);
  return text.data();
}

std::string community_id_of(const flow::FlowRecord& record) {
  static sink::CommunityId hasher = sink::CommunityId::create(0).value();
  std::array<char, sink::CommunityId::kTextBytes> text{};
  const char* end = hasher.put(text.data(), record);
  return {text.data(), static_cast<size_t>(end - text.data())};
}

std::string address_text(const std::array<uint8_t, 16>& address, uint8_t ip_version) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(ip_version == 4 ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

bool same_end(const EveSide& a, const EveSide& b) {
  return a.address == b.address && a.port == b.port;
}

std::string text_of(const EveSide& side) {
  const std::string flags = side.tcp_flags.empty() ? "" : '/' + side.tcp_flags;
  return std::to_string(side.packets) + '/' + std::to_string(side.bytes) + flags;
}

}  // namespace

std::vector<EveFlow> read_eve_flows(const Capture& capture) {
  const fs::path path = reference_of(capture);
  std::vector<EveFlow> flows;
  if (!fs::exists(path)) return flows;
  INFO(path);
  dom::parser parser;
  dom::document_stream events;
  if (parser.load_many(path.string()).get(events) != simdjson::SUCCESS) FAIL("no JSON lines");
  for (auto parsed : events) {
    dom::element event;
    if (parsed.get(event) != simdjson::SUCCESS) FAIL("no JSON object");
    if (text_or(event, "/event_type") == "flow") flows.push_back(read_flow(event));
  }
  return flows;
}

EveFlow to_eve(const flow::FlowRecord& record) {
  EveFlow flow;
  flow.protocol = flow::protocol_name(record.protocol);
  flow.state = flow::to_string(record.state);
  flow.community_id = community_id_of(record);
  const bool tcp = record.protocol == flow::kProtocolTcp;
  for (const auto side : {flow::kToServer, flow::kToClient}) {
    const bool source = side == flow::kToServer;
    flow.side[side] = {.address = address_text(source ? record.src : record.dst, record.ip_version),
                       .port = source ? record.src_port : record.dst_port,
                       .packets = record.totals[side].packets,
                       .bytes = record.totals[side].bytes,
                       .tcp_flags = tcp ? hex_of(record.tcp_flags[side]) : ""};
  }
  flow.vlan.assign(record.vlan_id.begin(), record.vlan_id.begin() + record.vlan_count);
  return flow;
}

bool same_ends(const EveFlow& a, const EveFlow& b) {
  if (a.protocol != b.protocol || a.vlan != b.vlan) return false;
  return (same_end(a.side[0], b.side[0]) && same_end(a.side[1], b.side[1])) ||
         (same_end(a.side[0], b.side[1]) && same_end(a.side[1], b.side[0]));
}

std::string ends_of(const EveFlow& flow) {
  std::string text = flow.protocol;
  for (const EveSide& side : flow.side) {
    text += (&side == flow.side.data() ? " " : " > ") + side.address;
    if (side.port != 0) text += ':' + std::to_string(side.port);
  }
  for (const uint16_t id : flow.vlan)
    text += " vlan " + std::to_string(id);
  return text;
}

std::string sums_of(const EveFlow& flow) {
  return flow.state + ' ' + text_of(flow.side[0]) + ' ' + text_of(flow.side[1]) + ' ' +
         flow.community_id;
}

}  // namespace pktana::oracle
