// SPDX-License-Identifier: Apache-2.0
#include "oracle/oracle_file.h"

#include <cmath>
#include <string_view>

#include <simdjson.h>

#include "base/clock.h"
#include "flow/icmp_pairs.h"
#include "support/catch.h"

namespace pktana::oracle {
namespace {

namespace dom = simdjson::dom;

uint64_t number_or(const dom::object& object, std::string_view key, uint64_t otherwise) {
  uint64_t value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : otherwise;
}

std::string text(const dom::object& object, std::string_view key) {
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) FAIL("oracle: no text '" << key << "'");
  return std::string(value);
}

OracleDirection direction(const dom::object& flow, std::string_view key) {
  dom::object totals;
  if (flow[key].get(totals) != simdjson::SUCCESS) FAIL("oracle: no direction '" << key << "'");
  return {.packets = number_or(totals, "packets", 0),
          .bytes = number_or(totals, "bytes", 0),
          .payload_bytes = number_or(totals, "payload_bytes", 0)};
}

/// "1360227866.459330000", negative before 1970. None: empty.
std::optional<int64_t> parse_time_ns(const std::string& time) {
  if (time.empty()) return std::nullopt;
  const size_t point = time.find('.');
  if (point == std::string::npos || time.size() - point - 1 != 9) FAIL("oracle: time " << time);
  const bool negative = time.front() == '-';
  const int64_t seconds = std::stoll(time.substr(0, point));
  const int64_t fraction = std::stoll(time.substr(point + 1));
  return seconds * base::kNsPerSecond + (negative ? -fraction : fraction);
}

std::optional<int64_t> duration_ns(const dom::object& object, std::string_view key) {
  double seconds = 0;
  if (object[key].get(seconds) != simdjson::SUCCESS) return std::nullopt;
  return std::llround(seconds * static_cast<double>(base::kNsPerSecond));
}

OracleTcp read_tcp(const dom::object& flow) {
  dom::object counts;
  if (flow["tcp"].get(counts) != simdjson::SUCCESS) return {};
  return {.retransmission = number_or(counts, "retransmission", 0),
          .fast_retransmission = number_or(counts, "fast_retransmission", 0),
          .spurious_retransmission = number_or(counts, "spurious_retransmission", 0),
          .out_of_order = number_or(counts, "out_of_order", 0),
          .duplicate_ack = number_or(counts, "duplicate_ack", 0),
          .zero_window = number_or(counts, "zero_window", 0),
          .keep_alive = number_or(counts, "keep_alive", 0),
          .initial_rtt_ns = duration_ns(counts, "initial_rtt")};
}

OracleFlow read_flow(const dom::object& object, uint8_t protocol) {
  OracleFlow flow;
  flow.protocol = static_cast<uint8_t>(number_or(object, "proto", protocol));  // ICMP tells which
  flow.a = text(object, "a");
  flow.b = text(object, "b");
  flow.a_port = static_cast<uint16_t>(number_or(object, "a_port", 0));
  flow.b_port = static_cast<uint16_t>(number_or(object, "b_port", 0));
  flow.sent = {direction(object, "ab"), direction(object, "ba")};
  flow.depth = static_cast<unsigned>(number_or(object, "depth", 1));
  bool carries_inner = false;
  flow.carries_inner =
      object["carries_inner"].get(carries_inner) == simdjson::SUCCESS && carries_inner;
  flow.tcp = read_tcp(object);
  flow.community_id = text(object, "community_id");
  flow.start_ns = parse_time_ns(text(object, "first"));
  const auto duration = duration_ns(object, "duration");
  if (!duration) FAIL("oracle: no duration");
  flow.duration_ns = *duration;
  return flow;
}

OraclePair read_pair(const dom::object& object) {
  return {.a = text(object, "a"),
          .b = text(object, "b"),
          .sent = {direction(object, "ab"), direction(object, "ba")},
          .depth = static_cast<unsigned>(number_or(object, "depth", 1))};
}

/// The objects in the list `key`; none if there is no such list.
std::vector<dom::object> objects(const dom::object& tshark, std::string_view key) {
  std::vector<dom::object> found;
  dom::array list;
  if (tshark[key].get(list) != simdjson::SUCCESS) return found;
  for (const dom::element element : list) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) FAIL("oracle: no object in '" << key << "'");
    found.push_back(object);
  }
  return found;
}

void read_flows(const dom::object& tshark, std::string_view key, uint8_t protocol, Oracle& oracle) {
  for (const dom::object& object : objects(tshark, key))
    oracle.flows.push_back(read_flow(object, protocol));
}

}  // namespace

Oracle read_oracle(const std::filesystem::path& path) {
  INFO(path);
  static dom::parser parser;
  dom::object tshark;
  if (parser.load(path.string())["tshark"].get(tshark) != simdjson::SUCCESS)
    FAIL("oracle: no JSON object with 'tshark'");
  Oracle oracle;
  oracle.packets = number_or(tshark, "packets", 0);
  oracle.bytes = number_or(tshark, "bytes", 0);
  oracle.complete = text(tshark, "status") == "ok";
  read_flows(tshark, "tcp", flow::kProtocolTcp, oracle);
  read_flows(tshark, "udp", flow::kProtocolUdp, oracle);
  read_flows(tshark, "sctp", flow::kProtocolSctp, oracle);
  read_flows(tshark, "icmp", flow::kProtocolIcmp, oracle);
  for (const dom::object& object : objects(tshark, "ip_pairs"))
    oracle.pairs.push_back(read_pair(object));
  return oracle;
}

}  // namespace pktana::oracle
