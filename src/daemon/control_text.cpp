// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_text.h"

#include <array>
#include <cmath>

#include <unistd.h>

#include "base/clock.h"
#include "base/version.h"
#include "daemon/json_members.h"
#include "flow/protocol_name.h"
#include "sink/escape.h"
#include "sink/eve_stats.h"
#include "sink/text.h"

namespace pktana::daemon {
namespace {

using engine::ListingOptions;
using flow::FlowRecord;

/// Of a flow's name in a list; `fields` has all of it.
constexpr size_t kMaxNameBytes = 256;

std::string address_text(const std::array<uint8_t, 16>& address, uint8_t ip_version) {
  std::array<char, 64> text{};
  const char* end = sink::put_address(text.data(), address.data(), ip_version);
  return {text.data(), static_cast<size_t>(end - text.data())};
}

std::string time_text(int64_t time_ns) {
  std::array<char, 40> text{};
  const char* end = sink::TimestampText().put(text.data(), time_ns);
  return {text.data(), static_cast<size_t>(end - text.data())};
}

/// A share of 0 to 1 as 0 to 100, rounded up: what is not empty shows.
std::string percent_text(double share) {
  return std::to_string(static_cast<unsigned>(std::ceil(share * 100)));
}

std::string output_json(const sink::OutputTotals& output) {
  return Members()
      .text("path", output.path)
      .text("method", output.health.method)
      .number("records_written", output.written)
      .number("bytes_written", output.bytes_written)
      .number("dropped_disk_full", output.dropped_disk_full)
      .number("dropped_output_slow", output.dropped_output_slow)
      .number("dropped_sink_down", output.dropped_sink_down)
      .number("rotations", output.health.rotations)
      .number("torn_lines", output.health.torn_lines)
      .number("remade", output.health.remade)
      .number("compressed", output.health.compressed)
      .number("removed", output.health.removed)
      .text("trouble", output.health.trouble)
      .end();
}

/// What the kernel counted for the interface; nothing, if it never had a ring.
const ring::RingStatistics* counts_of(const std::string& interface, const engine::Ledger& ledger,
                                      ControlTarget& target) {
  for (const ring::SourceStatistics& source : ledger.sources)
    if (target.source_name(source.source_id) == interface) return &source.ring;
  return nullptr;
}

std::string interface_json(const InterfaceFacts& interface, const ring::RingStatistics* counts) {
  Members members;
  members.text("name", interface.name)
      .flag("attached", interface.attached)
      .flag("up", interface.up)
      .number("rebinds", interface.rebinds);
  if (counts != nullptr)
    members.number("packets", counts->packets)
        .number("drops", counts->drops)
        .number("freezes", counts->freezes);
  return members.end();
}

std::string plugin_json(const PluginFacts& plugin) {
  return Members()
      .text("name", plugin.name)
      .text("file", plugin.file)
      .number("calls", plugin.calls)
      .number("overruns", plugin.overruns)
      .number("faults", plugin.faults)
      .flag("off", plugin.off)
      .end();
}

std::string line_json(const sink::LedgerLine& line) {
  Members parts;
  for (const sink::NamedCount& part : line.parts)
    parts.number(part.name, part.value);
  return Members()
      .text("name", line.name)
      .text("total_name", line.total_name)
      .raw("total", line.total ? std::to_string(*line.total) : "null")
      .raw("parts", parts.end())
      .raw("balanced", !line.total     ? "null"
                       : line.balanced ? "true"
                                       : "false")
      .end();
}

Members flow_members(const FlowRecord& record, ControlTarget& target) {
  const auto& [server, client] = record.totals;
  Members members;
  members.number("flow_id", record.flow_id).text("in_iface", target.source_name(record.source_id));
  members.text("src_ip", address_text(record.src, record.ip_version));
  if (record.src_port != 0 || record.dst_port != 0) members.number("src_port", record.src_port);
  members.text("dest_ip", address_text(record.dst, record.ip_version));
  if (record.src_port != 0 || record.dst_port != 0) members.number("dest_port", record.dst_port);
  members.text("proto", flow::protocol_name(record.protocol));
  if (record.app_proto != nullptr) members.text("app_proto", record.app_proto);
  if (record.app != nullptr && !record.app->name.empty())
    members.text("name", std::string_view(record.app->name).substr(0, kMaxNameBytes));
  members.raw("flow", Members()
                          .number("pkts_toserver", server.packets)
                          .number("pkts_toclient", client.packets)
                          .number("bytes_toserver", server.bytes)
                          .number("bytes_toclient", client.bytes)
                          .text("start", time_text(record.start_ns))
                          .text("end", time_text(record.end_ns))
                          .text("state", flow::to_string(record.state))
                          .end());
  return members;
}

std::string fields_json(const std::vector<engine::FieldText>& fields) {
  Members members;
  for (const engine::FieldText& field : fields)
    members.text(field.name, field.text);
  return members.end();
}

std::string talker_json(const engine::Talker& talker, ListingOptions::By by) {
  const engine::TalkerRow& row = talker.row;
  Members members;
  switch (by) {
    case ListingOptions::By::Source:
      members.text("src_ip", address_text(row.address, row.ip_version));
      break;
    case ListingOptions::By::Destination:
      members.text("dest_ip", address_text(row.address, row.ip_version));
      break;
    case ListingOptions::By::Host:
      members.text("ip", address_text(row.address, row.ip_version));
      break;
    case ListingOptions::By::Port:
      members.text("proto", flow::protocol_name(static_cast<uint8_t>(row.number)));
      members.number("dest_port", row.number >> 8);
      break;
    case ListingOptions::By::Application:
      if (row.application != nullptr) members.text("app_proto", row.application);
      break;
    case ListingOptions::By::Protocol:
    case ListingOptions::By::None:
      members.text("proto", flow::protocol_name(static_cast<uint8_t>(row.number)));
      break;
  }
  return members.number("bytes", row.bytes)
      .number("packets", row.packets)
      .number("flows", talker.flows)
      .end();
}

}  // namespace

std::string json_text(std::string_view text) {
  constexpr size_t kMaxEscapeBytes = 6;
  std::string out(text.size() * kMaxEscapeBytes + 2, '"');
  const char* end = sink::put_escaped(out.data() + 1, text, sink::QuoteStyle::Json, out.size() - 2);
  out.resize(static_cast<size_t>(end - out.data()));
  return out + '"';
}

std::string status_json(ControlTarget& target, const engine::Ledger& ledger) {
  const DaemonFacts facts = target.facts();
  Members members;
  members.text("version", base::version())
      .number("pid", static_cast<uint64_t>(::getpid()))
      .number("uptime_s", static_cast<uint64_t>(facts.uptime_ns / base::kNsPerSecond))
      .flag("alive", facts.alive)
      .number("packets", ledger.packets.captured)
      .number("bytes", ledger.packets.captured_bytes)
      .raw("kernel_drops", ledger.kernel ? std::to_string(ledger.kernel->drops) : "null")
      .raw("ring_freezes", ledger.kernel ? std::to_string(ledger.kernel->freezes) : "null")
      .raw("ring_fill_percent", ledger.ring_fill ? percent_text(*ledger.ring_fill) : "null")
      .number("undecodable", ledger.packets.undecodable_sum())
      .number("flows_created", ledger.flows.flows_created)
      .number("flows_active", ledger.live_flows)
      .number("records_written", ledger.sink.written)
      .number("records_dropped_queue_full", ledger.sink.dropped_queue_full)
      .number("reloads", facts.reloads)
      .flag("last_reload_successful", facts.last_reload_good);
  members.raw("interfaces", array_of(facts.interfaces, [&](const InterfaceFacts& interface) {
                return interface_json(interface, counts_of(interface.name, ledger, target));
              }));
  members.raw("outputs", array_of(ledger.sink.outputs, output_json));
  members.raw("plugins", array_of(facts.plugins, plugin_json));
  return members.end();
}

std::string ledger_json(const engine::Ledger& ledger) {
  return Members().raw("ledger", array_of(ledger.lines(), line_json)).end();
}

std::string stats_json(const DaemonFacts& facts, const engine::Ledger& ledger) {
  std::string line(sink::kMaxLineBytes, '\0');
  const sink::StatsRecord stats = ledger.to_stats(base::realtime_ns(), facts.uptime_ns);
  const char* end = sink::put_eve_stats(line.data(), stats, {.host = {}, .seq = 0});
  line.resize(static_cast<size_t>(end - line.data()) - 1);  // without the newline
  return line;
}

std::string listing_json(const engine::FlowListing& listing, ControlTarget& target, bool fields) {
  const engine::ListingResult result = listing.result();
  const ListingOptions& options = listing.options();
  Members members;
  if (options.by == ListingOptions::By::None)
    members.raw("flows", array_of(result.flows, [&](const FlowRecord& record) {
                  Members flow = flow_members(record, target);
                  if (fields) flow.raw("fields", fields_json(listing.fields_of(record)));
                  return flow.end();
                }));
  else
    members.raw("talkers", array_of(result.talkers, [&](const engine::Talker& talker) {
                  return talker_json(talker, options.by);
                }));
  return members.number("flows_matched", result.matched)
      .number("flows_left_out", result.left_out)
      .flag("complete", result.complete)
      .end();
}

}  // namespace pktana::daemon
