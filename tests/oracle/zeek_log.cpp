// SPDX-License-Identifier: Apache-2.0
#include "oracle/zeek_log.h"

#include <arpa/inet.h>

#include <simdjson.h>

#include "flow/icmp_pairs.h"
#include "support/catch.h"

namespace pktana::oracle {
namespace {

namespace dom = simdjson::dom;

std::string text_or(const dom::element& row, std::string_view key, const char* otherwise) {
  std::string_view value;
  return row[key].get(value) == simdjson::SUCCESS ? std::string(value) : otherwise;
}

/// Numbers are published as numbers or as text.
std::optional<uint64_t> number(const dom::element& row, std::string_view key) {
  uint64_t value = 0;
  if (row[key].get(value) == simdjson::SUCCESS) return value;
  std::string_view text;
  if (row[key].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::stoull(std::string(text));
}

bool has_ports(const std::string& protocol) { return protocol == "tcp" || protocol == "udp"; }

ZeekSide read_side(const dom::element& row, const std::string& side, bool ports) {
  ZeekSide made;
  made.address = text_or(row, "id." + side + "_h", "");
  if (ports) made.port = static_cast<uint16_t>(number(row, "id." + side + "_p").value_or(0));
  made.bytes = number(row, side + "_bytes");
  made.packets = number(row, side + "_pkts").value_or(0);
  made.ip_bytes = number(row, side + "_ip_bytes").value_or(0);
  return made;
}

ZeekConnection read_row(const dom::element& row) {
  ZeekConnection made;
  made.protocol = text_or(row, "proto", "");
  const bool ports = has_ports(made.protocol);
  made.side = {read_side(row, "orig", ports), read_side(row, "resp", ports)};
  made.state = text_or(row, "conn_state", "");
  made.history = text_or(row, "history", "");
  return made;
}

std::string protocol_text(const flow::FlowRecord& record) {
  switch (record.protocol) {
    case flow::kProtocolTcp:
      return "tcp";
    case flow::kProtocolUdp:
      return "udp";
    case flow::kProtocolIcmp:
    case flow::kProtocolIcmpv6:
      return "icmp";
    default:
      return kUnknownTransport;
  }
}

std::string address_text(const std::array<uint8_t, 16>& address, uint8_t ip_version) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(ip_version == 4 ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

std::string text_of(const ZeekSide& side) {
  const std::string bytes = side.bytes ? std::to_string(*side.bytes) : "-";
  return bytes + '/' + std::to_string(side.packets) + '/' + std::to_string(side.ip_bytes);
}

bool same_side(const ZeekSide& a, const ZeekSide& b) {
  return a.address == b.address && a.port == b.port && a.packets == b.packets &&
         a.ip_bytes == b.ip_bytes;
}

}  // namespace

std::vector<ZeekConnection> read_zeek_connections(const std::filesystem::path& oracle) {
  INFO(oracle);
  static dom::parser parser;
  dom::element file;
  if (parser.load(oracle.string()).get(file) != simdjson::SUCCESS) FAIL("oracle: no JSON");
  std::vector<ZeekConnection> found;
  dom::array tests;
  if (file["zeek"].get(tests) != simdjson::SUCCESS) return found;
  for (const dom::element test : tests) {
    dom::array rows;
    if (test["logs"]["conn"]["rows"].get(rows) != simdjson::SUCCESS) continue;
    for (const dom::element row : rows)
      found.push_back(read_row(row));
    break;
  }
  return found;
}

ZeekConnection to_zeek(const flow::FlowRecord& record) {
  ZeekConnection made;
  made.protocol = protocol_text(record);
  const bool ports = has_ports(made.protocol);
  for (const auto side : {flow::kToServer, flow::kToClient}) {
    const flow::DirectionTotals& totals = record.totals[side];
    const bool is_source = side == flow::kToServer;
    made.side[side] = {
        .address = address_text(is_source ? record.src : record.dst, record.ip_version),
        .port = ports ? (is_source ? record.src_port : record.dst_port) : uint16_t{0},
        .bytes = totals.sequence_bytes,
        .packets = totals.packets,
        .ip_bytes = totals.ip_bytes};
  }
  made.state = flow::to_string(record.conn_state);
  for (const char letter : record.history)
    if (letter != '\0') made.history += letter;
  return made;
}

bool same_packets(const ZeekConnection& a, const ZeekConnection& b) {
  if (a.protocol != b.protocol) return false;
  return (same_side(a.side[0], b.side[0]) && same_side(a.side[1], b.side[1])) ||
         (same_side(a.side[0], b.side[1]) && same_side(a.side[1], b.side[0]));
}

std::string ends_of(const ZeekConnection& connection) {
  std::string text = connection.protocol;
  for (const ZeekSide& side : connection.side) {
    text += text == connection.protocol ? " " : " > ";
    text += side.address;
    if (has_ports(connection.protocol)) text += ':' + std::to_string(side.port);
  }
  return text;
}

std::string sums_of(const ZeekConnection& connection) {
  return connection.state + ' ' + (connection.history.empty() ? "-" : connection.history) + ' ' +
         text_of(connection.side[0]) + ' ' + text_of(connection.side[1]);
}

}  // namespace pktana::oracle
