// SPDX-License-Identifier: Apache-2.0
#include "top/reply.h"

#include <string_view>

#include <simdjson.h>

#include "base/clock.h"
#include "base/time_text.h"

namespace pktana::top {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

base::Unexpected no_answer() {
  return base::fail_input("ask the daemon", "what answers there is no pktana");
}

uint64_t number(const element& object, std::string_view key) {
  uint64_t value = 0;
  return object[key].get_uint64().get(value) == simdjson::SUCCESS ? value : 0;
}

std::optional<uint64_t> known_number(const element& object, std::string_view key) {
  uint64_t value = 0;
  if (object[key].get_uint64().get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string text(const element& object, std::string_view key) {
  std::string_view value;
  return std::string(object[key].get_string().get(value) == simdjson::SUCCESS ? value : "");
}

bool flag(const element& object, std::string_view key) {
  bool value = false;
  return object[key].get_bool().get(value) == simdjson::SUCCESS && value;
}

/// The items of a list; none, if it is not there.
std::vector<element> list(const element& object, std::string_view key) {
  std::vector<element> items;
  array found;
  if (object[key].get_array().get(found) != simdjson::SUCCESS) return items;
  for (const element item : found)
    items.push_back(item);
  return items;
}

bool has_list(const element& object, std::string_view key) {
  array items;
  return object[key].get_array().get(items) == simdjson::SUCCESS;
}

int64_t time_of(const element& object, std::string_view key) {
  const auto span = base::parse_time(text(object, key));
  return span ? span->first_ns : 0;
}

std::optional<uint16_t> port(const element& object, std::string_view key) {
  const auto value = known_number(object, key);
  if (!value || *value > 65535) return std::nullopt;
  return static_cast<uint16_t>(*value);
}

Flow flow_of(const element& item) {
  Flow flow{.id = number(item, "flow_id"),
            .interface = text(item, "in_iface"),
            .src = text(item, "src_ip"),
            .dst = text(item, "dest_ip"),
            .src_port = port(item, "src_port"),
            .dst_port = port(item, "dest_port"),
            .protocol = text(item, "proto"),
            .application = text(item, "app_proto"),
            .name = text(item, "name")};
  element counts;
  if (item["flow"].get(counts) != simdjson::SUCCESS) return flow;
  flow.state = text(counts, "state");
  flow.start_ns = time_of(counts, "start");
  flow.end_ns = time_of(counts, "end");
  flow.packets = {number(counts, "pkts_toserver"), number(counts, "pkts_toclient")};
  flow.bytes = {number(counts, "bytes_toserver"), number(counts, "bytes_toclient")};
  return flow;
}

void add_interface(const element& item, Snapshot& snapshot) {
  const Interface& interface =
      snapshot.interfaces.emplace_back(Interface{.name = text(item, "name"),
                                                 .attached = flag(item, "attached"),
                                                 .up = flag(item, "up"),
                                                 .packets = number(item, "packets"),
                                                 .drops = number(item, "drops")});
  if (!interface.attached)
    snapshot.troubles.push_back(interface.name + ": nothing is captured from it");
}

}  // namespace

struct ReplyReader::Parser {
  simdjson::dom::parser parser;

  [[nodiscard]] bool read(const std::string& json, element& out) {
    simdjson::dom::object object;
    if (parser.parse(json).get(out) != simdjson::SUCCESS) return false;
    return out.get_object().get(object) == simdjson::SUCCESS;
  }
};

ReplyReader::ReplyReader() : parser_(std::make_unique<Parser>()) {}
ReplyReader::~ReplyReader() = default;

base::Result<void> ReplyReader::status(const std::string& json, Snapshot& snapshot) {
  element result;
  if (!parser_->read(json, result) || !known_number(result, "packets")) return no_answer();
  Counters& counters = snapshot.counters;
  counters.packets = number(result, "packets");
  counters.bytes = number(result, "bytes");
  counters.drops = known_number(result, "kernel_drops");
  if (const auto percent = known_number(result, "ring_fill_percent"))
    counters.ring_fill = static_cast<double>(*percent) / 100;
  counters.ring_freezes = number(result, "ring_freezes");
  counters.flows_live = number(result, "flows_active");
  counters.flows_created = number(result, "flows_created");
  counters.undecodable = number(result, "undecodable");
  counters.records_lost = number(result, "records_dropped_queue_full");
  snapshot.uptime_ns = static_cast<int64_t>(number(result, "uptime_s")) * base::kNsPerSecond;
  for (const element& item : list(result, "interfaces"))
    add_interface(item, snapshot);
  for (const element& item : list(result, "outputs")) {
    counters.records_lost += number(item, "dropped_disk_full") +
                             number(item, "dropped_output_slow") +
                             number(item, "dropped_sink_down");
    if (const std::string trouble = text(item, "trouble"); !trouble.empty())
      snapshot.troubles.push_back(text(item, "path") + ": " + trouble);
  }
  return {};
}

base::Result<void> ReplyReader::ledger(const std::string& json, Snapshot& snapshot) {
  element result;
  if (!parser_->read(json, result) || !has_list(result, "ledger")) return no_answer();
  for (const element& item : list(result, "ledger")) {
    Identity& identity = snapshot.ledger.emplace_back();
    identity.name = text(item, "name");
    identity.total_name = text(item, "total_name");
    identity.total = known_number(item, "total");
    identity.balanced = !identity.total || flag(item, "balanced");
    simdjson::dom::object parts;
    if (item["parts"].get_object().get(parts) != simdjson::SUCCESS) continue;
    for (const auto& [name, value] : parts)
      if (uint64_t count = 0; value.get_uint64().get(count) == simdjson::SUCCESS)
        identity.parts.emplace_back(name, count);
  }
  return {};
}

base::Result<void> ReplyReader::flows(const std::string& json, Snapshot& snapshot) {
  element result;
  if (!parser_->read(json, result) || !has_list(result, "flows")) return no_answer();
  for (const element& item : list(result, "flows"))
    snapshot.flows.push_back(flow_of(item));
  snapshot.flows_matched = number(result, "flows_matched");
  snapshot.complete = flag(result, "complete");
  return {};
}

base::Result<std::vector<Talker>> ReplyReader::talkers(const std::string& json, const char* key) {
  element result;
  if (!parser_->read(json, result) || !has_list(result, "talkers")) return no_answer();
  std::vector<Talker> talkers;
  for (const element& item : list(result, "talkers"))
    talkers.push_back({.name = text(item, key),
                       .bytes = number(item, "bytes"),
                       .packets = number(item, "packets"),
                       .flows = number(item, "flows")});
  return talkers;
}

base::Result<FlowFields> ReplyReader::fields(const std::string& json) {
  element result;
  if (!parser_->read(json, result) || !has_list(result, "flows")) return no_answer();
  FlowFields fields;
  for (const element& item : list(result, "flows")) {
    simdjson::dom::object all;
    if (item["fields"].get_object().get(all) != simdjson::SUCCESS) return no_answer();
    for (const auto& [name, value] : all)
      if (std::string_view shown; value.get_string().get(shown) == simdjson::SUCCESS)
        fields.emplace_back(name, shown);
    break;
  }
  return fields;
}

}  // namespace pktana::top
