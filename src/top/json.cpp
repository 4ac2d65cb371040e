// SPDX-License-Identifier: Apache-2.0
#include "top/json.h"

#include "daemon/json_members.h"

namespace pktana::top {
namespace {

using daemon::array_of;
using daemon::Members;

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

std::string talker_json(const Talker& one) {
  return Members()
      .text("name", one.name)
      .rate("bytes_per_second", one.rate)
      .number("bytes", one.bytes)
      .number("pkts", one.packets)
      .number("flows", one.flows)
      .end();
}

}  // namespace

std::string json_of(const Model& model, const Wanted& wanted) {
  const Snapshot& now = model.now();
  const Counters& counters = now.counters;
  const Rates& rates = model.rates();
  const auto flows = model.sorted_flows(wanted.sort, false);
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
             .raw("flows", array_of(flows, [](const Flow* flow) { return flow_json(*flow); }))
             .raw("talkers", array_of(now.hosts, talker_json))
             .raw("protocols", array_of(now.protocols, talker_json))
             .raw("applications", array_of(now.applications, talker_json))
             .end() +
         "\n";
}

}  // namespace pktana::top
