// SPDX-License-Identifier: Apache-2.0
#include "top/json.h"

#include <cmath>

#include "daemon/control_text.h"

namespace pktana::top {
namespace {

using daemon::json_text;

/// Members of an object, one after another.
class Members {
 public:
  Members& text(const char* name, std::string_view value) { return raw(name, json_text(value)); }
  Members& number(const char* name, uint64_t value) { return raw(name, std::to_string(value)); }
  Members& rate(const char* name, std::optional<double> value) {
    return raw(name, value ? std::to_string(std::llround(*value)) : "null");
  }
  Members& raw(const char* name, const std::string& json) {
    text_.append(text_.empty() ? "{\"" : ",\"").append(name).append("\":").append(json);
    return *this;
  }
  [[nodiscard]] std::string end() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

std::string flow_json(const Flow& flow) {
  Members members;
  members.number("flow_id", flow.id).text("in_iface", flow.interface).text("src_ip", flow.src);
  if (flow.src_port) members.number("src_port", *flow.src_port);
  members.text("dest_ip", flow.dst);
  if (flow.dst_port) members.number("dest_port", *flow.dst_port);
  members.text("proto", flow.protocol);
  if (!flow.application.empty()) members.text("app_proto", flow.application);
  if (!flow.name.empty()) members.text("name", flow.name);
  return members.text("state", flow.state)
      .number("pkts", flow.all_packets())
      .number("bytes", flow.all_bytes())
      .rate("bytes_per_second", flow.rate)
      .end();
}

std::string talkers_json(const std::vector<Talker>& talkers) {
  std::string text = "[";
  for (const Talker& one : talkers)
    text += (text.size() > 1 ? "," : "") + Members()
                                               .text("name", one.name)
                                               .rate("bytes_per_second", one.rate)
                                               .number("bytes", one.bytes)
                                               .number("pkts", one.packets)
                                               .number("flows", one.flows)
                                               .end();
  return text + "]";
}

}  // namespace

std::string json_of(const Model& model, const Wanted& wanted) {
  const Snapshot& now = model.now();
  const Counters& counters = now.counters;
  const Rates& rates = model.rates();
  std::string flows = "[";
  for (const Flow* flow : model.sorted_flows(wanted.sort, false))
    flows += (flows.size() > 1 ? "," : "") + flow_json(*flow);
  return Members()
             .number("packets", counters.packets)
             .number("bytes", counters.bytes)
             .raw("drops", counters.drops ? std::to_string(*counters.drops) : "null")
             .raw("ring_fill",
                  counters.ring_fill ? std::to_string(*counters.ring_fill).substr(0, 5) : "null")
             .number("flows_live", counters.flows_live)
             .number("flows_created", counters.flows_created)
             .number("flows_matched", now.flows_matched)
             .rate("packets_per_second", rates.packets)
             .rate("bytes_per_second", rates.bytes)
             .rate("drops_per_second", rates.drops)
             .rate("new_flows_per_second", rates.new_flows)
             .raw("flows", flows + "]")
             .raw("talkers", talkers_json(now.hosts))
             .raw("protocols", talkers_json(now.protocols))
             .raw("applications", talkers_json(now.applications))
             .end() +
         "\n";
}

}  // namespace pktana::top
