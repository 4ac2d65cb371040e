// SPDX-License-Identifier: Apache-2.0
#include "engine/ledger.h"

#include <algorithm>
#include <numeric>

namespace pktana::engine {
namespace {

using sink::LedgerLine;
using sink::NamedCount;

uint64_t sum_of(const std::vector<NamedCount>& parts) noexcept {
  return std::accumulate(parts.begin(), parts.end(), uint64_t{0},
                         [](uint64_t sum, const NamedCount& part) { return sum + part.value; });
}

/// Adds what is still on its way as a part of its own; when the run is over nothing may be.
void judge(LedgerLine& line, bool final, const char* on_the_way) {
  if (!line.total) return;
  const uint64_t sum = sum_of(line.parts);
  if (!final && *line.total >= sum) {
    line.parts.push_back({on_the_way, *line.total - sum});
    return;
  }
  line.balanced = *line.total == sum;
}

LedgerLine kernel_line(const Ledger& ledger) {
  LedgerLine line{.name = "kernel", .total_name = "packets_seen", .total = {}, .parts = {}};
  line.parts.push_back({"captured", ledger.packets.captured});
  if (ledger.kernel) {
    line.total = ledger.kernel->packets;
    line.parts.push_back({"ring_drops", ledger.kernel->drops});
  }
  judge(line, ledger.final, "waiting_in_ring");
  return line;
}

void add_reasons(const PacketTotals& packets, std::vector<NamedCount>& parts) {
  for (unsigned layer = 0; layer < parse::kLayerCount; ++layer)
    for (unsigned error = 0; error < parse::kParseErrorCount; ++error)
      if (const uint64_t count = packets.undecodable[layer][error]; count > 0)
        parts.push_back({"undecodable_" + std::string(to_string(static_cast<parse::Layer>(layer))) +
                             "_" + std::string(to_string(static_cast<parse::ParseError>(error))),
                         count});
  for (unsigned type = 0; type < parse::kNonIpCount; ++type)
    if (const uint64_t count = packets.non_ip[type]; count > 0)
      parts.push_back({"non_ip_" + std::string(to_string(static_cast<parse::NonIp>(type))), count});
}

LedgerLine parse_line(const Ledger& ledger) {
  const PacketTotals& packets = ledger.packets;
  LedgerLine line{
      .name = "parse", .total_name = "captured", .total = packets.captured, .parts = {}};
  line.parts.push_back({"counted_in_flows", ledger.flows.packets - packets.outer_again});
  line.parts.push_back({"filtered_out", packets.filtered_out});
  if (packets.over_limit > 0) line.parts.push_back({"over_limit", packets.over_limit});
  if (packets.fragments_waiting > 0)
    line.parts.push_back({"fragments_waiting", packets.fragments_waiting});
  if (packets.untracked > 0) line.parts.push_back({"untracked", packets.untracked});
  add_reasons(packets, line.parts);
  judge(line, true, "");
  return line;
}

LedgerLine flow_line(const Ledger& ledger) {
  LedgerLine line{.name = "flow",
                  .total_name = "flows_created",
                  .total = ledger.flows.flows_created + ledger.flows.flows_restored,
                  .parts = {{"flows_live", ledger.live_flows},
                            {"final_records", ledger.flows.records - ledger.flows.records_split}}};
  if (ledger.flows.flows_restored > 0) line.total_name = "flows_created_and_restored";
  judge(line, true, "");
  return line;
}

/// With both layers of a tunnel tracked, a frame counts in two flows.
LedgerLine tunnels_line(const Ledger& ledger) {
  const uint64_t again = ledger.packets.outer_again;
  LedgerLine line{.name = "tunnels",
                  .total_name = "flow_packets",
                  .total = ledger.flows.packets,
                  .parts = {{"counted_in_flows", ledger.packets.in_flows},
                            {"counted_again_in_outer_flows", again}}};
  judge(line, true, "");
  return line;
}

LedgerLine packets_line(const Ledger& ledger) {
  LedgerLine line{
      .name = "packets",
      .total_name = ledger.packets.outer_again > 0 ? "flow_packets" : "counted_in_flows",
      .total = ledger.flows.packets + ledger.flows.packets_restored,
      .parts = {{"in_records", ledger.flows.record_packets},
                {"in_live_flows", ledger.live_packets}}};
  if (ledger.flows.packets_restored > 0) line.total_name = "flow_packets_and_restored";
  judge(line, true, "");
  return line;
}

/// What the flow table hands over in all.
uint64_t handed_over(const flow::ShardTotals& flows) noexcept {
  return flows.records + flows.updates + flows.events;
}

/// Only where there is more than flows that ended: what the sink took in, by kind.
LedgerLine kinds_line(const Ledger& ledger) {
  LedgerLine line{.name = "kinds",
                  .total_name = "handed_to_sink",
                  .total = ledger.sink.handed_over + ledger.records_filtered_out,
                  .parts = {{"records", ledger.flows.records}}};
  if (ledger.flows.updates > 0) line.parts.push_back({"updates", ledger.flows.updates});
  if (ledger.flows.events > 0) line.parts.push_back({"app_events", ledger.flows.events});
  if (ledger.records_resent > 0) line.parts.push_back({"resent", ledger.records_resent});
  judge(line, true, "");
  return line;
}

LedgerLine sink_line(const Ledger& ledger) {
  LedgerLine line{.name = "sink",
                  .total_name = "records_handed_over",
                  .total = handed_over(ledger.flows) + ledger.records_resent,
                  .parts = {{"records_written", ledger.sink.written},
                            {"dropped_queue_full", ledger.sink.dropped_queue_full},
                            {"dropped_disk_full", ledger.sink.dropped_disk_full},
                            {"dropped_sink_down", ledger.sink.dropped_sink_down}}};
  if (ledger.sink.dropped_output_slow > 0)
    line.parts.push_back({"dropped_output_slow", ledger.sink.dropped_output_slow});
  const uint64_t filtered_out = ledger.records_filtered_out + ledger.sink.not_matching;
  if (filtered_out > 0) line.parts.push_back({"filtered_out", filtered_out});
  if (ledger.sink.learned > 0) line.parts.push_back({"names_learned", ledger.sink.learned});
  if (ledger.sink.folded > 0) line.parts.push_back({"folded_into_scans", ledger.sink.folded});
  const uint64_t not_wanted = ledger.has_sink
                                  ? ledger.sink.not_wanted
                                  : handed_over(ledger.flows) - ledger.records_filtered_out;
  if (not_wanted > 0) line.parts.push_back({"not_wanted", not_wanted});
  judge(line, ledger.final, "waiting_in_queue");
  return line;
}

/// Of several outputs each has a line, in the order of the configuration: the sink's own speaks of
/// the one that has written least.
LedgerLine output_line(const sink::OutputTotals& output, size_t number, const Ledger& ledger) {
  const sink::SinkTotals& sink = ledger.sink;
  LedgerLine line{.name = "output_" + std::to_string(number),
                  .total_name = "records_to_write",
                  .total = sink.accepted - std::min(sink.accepted, sink.folded),
                  .parts = {{"records_written", output.written},
                            {"not_wanted", output.not_wanted},
                            {"filtered_out", output.not_matching},
                            {"dropped_disk_full", output.dropped_disk_full},
                            {"dropped_output_slow", output.dropped_output_slow},
                            {"dropped_sink_down", output.dropped_sink_down}}};
  judge(line, ledger.final, "waiting_in_queue");
  return line;
}

LedgerLine hold_line(const PacketHoldTotals& hold) {
  LedgerLine line{.name = "hold",
                  .total_name = "packets_looked_at",
                  .total = hold.seen,
                  .parts = {{"packets_to_write", hold.passed_on},
                            {"let_go_other_flows", hold.let_go_other_flows},
                            {"let_go_no_flow", hold.let_go_no_flow}}};
  if (hold.held > 0) line.parts.push_back({"held", hold.held});
  judge(line, true, "");
  return line;
}

LedgerLine packet_file_line(const sink::PacketFileTotals& file, bool final) {
  LedgerLine line{.name = "save",
                  .total_name = "packets_to_write",
                  .total = file.offered,
                  .parts = {{"packets_written", file.written},
                            {"dropped_queue_full", file.dropped_queue_full},
                            {"dropped_disk_full", file.dropped_disk_full},
                            {"dropped_file_down", file.dropped_file_down}}};
  if (file.dropped_link_type > 0)
    line.parts.push_back({"dropped_link_type", file.dropped_link_type});
  if (file.over_limit > 0) line.parts.push_back({"over_limit", file.over_limit});
  judge(line, final, "waiting_to_be_written");
  return line;
}

std::vector<NamedCount> decoder_counts(const PacketTotals& packets) {
  return {{"pkts", packets.captured},
          {"bytes", packets.captured_bytes},
          {"invalid", packets.undecodable_sum()},
          {"ipv4", packets.ipv4},
          {"ipv6", packets.ipv6},
          {"tcp", packets.tcp},
          {"udp", packets.udp},
          {"icmpv4", packets.icmpv4},
          {"icmpv6", packets.icmpv6},
          {"sctp", packets.sctp},
          {"vlan", packets.vlan},
          {"vlan_qinq", packets.vlan_qinq}};
}

std::vector<NamedCount> fragment_counts(const PacketTotals& packets) {
  const flow::ReassemblyTotals& totals = packets.reassembly;
  return {{"fragments", packets.fragments},    {"waiting", packets.fragments_waiting},
          {"reassembled", totals.reassembled}, {"timed_out", totals.timed_out},
          {"evicted", totals.evicted},         {"spoiled", totals.spoiled},
          {"overlaps", totals.overlaps},       {"duplicates", totals.duplicates}};
}

std::vector<NamedCount> app_counts(const Ledger& ledger) {
  const app::AppTotals& totals = *ledger.app;
  return {{"flows", totals.flows_seen},
          {"recognised", totals.flows_recognised},
          {"unknown", totals.flows_unknown},
          {"events", ledger.flows.events},
          {"gaps", totals.gaps},
          {"gap_bytes", totals.gap_bytes},
          {"given_back", totals.rejected},
          {"memory_refusals", totals.memory_refusals},
          {"misuses", totals.misuses},
          {"memory_bytes", totals.memory_bytes}};
}

std::vector<NamedCount> hold_counts(const PacketHoldTotals& hold) {
  return {{"held", hold.held},
          {"flows_decided_early", hold.flows_decided_early},
          {"passed_on_wrongly", hold.passed_on_wrongly},
          {"let_go_wrongly", hold.let_go_wrongly}};
}

std::vector<NamedCount> flow_counts(const Ledger& ledger) {
  return {{"total", ledger.flows.flows_created}, {"active", ledger.live_flows},
          {"tcp", ledger.flows.flows_tcp},       {"udp", ledger.flows.flows_udp},
          {"icmpv4", ledger.flows.flows_icmpv4}, {"icmpv6", ledger.flows.flows_icmpv6}};
}

/// What the timer costs is its visits: see bench/flow, sweep, for the price of one.
std::vector<NamedCount> table_counts(const flow::ShardTotals& totals) {
  return {{"room", totals.room},
          {"swept_slots", totals.swept_slots},
          {"swept_flows", totals.swept_flows}};
}

}  // namespace

void Ledger::add(const WorkerSnapshot& worker) noexcept {
  packets += worker.packets;
  flows += worker.flows;
  live_flows += worker.live_flows;
  live_packets += worker.live_packets;
  if (worker.app) {
    if (!app) app.emplace();
    *app += *worker.app;
  }
  if (worker.first_packet_ns != 0 &&
      (first_packet_ns == 0 || worker.first_packet_ns < first_packet_ns))
    first_packet_ns = worker.first_packet_ns;
  last_packet_ns = std::max(last_packet_ns, worker.last_packet_ns);
  for (const ring::SourceStatistics& source : worker.sources)
    ring::add_to(sources, source);
  if (worker.ring_fill) ring_fill = std::max(ring_fill.value_or(0), *worker.ring_fill);
  if (!worker.ring) return;
  if (!kernel) kernel.emplace();
  kernel->packets += worker.ring->packets;
  kernel->drops += worker.ring->drops;
  kernel->freezes += worker.ring->freezes;
}

std::vector<LedgerLine> Ledger::lines() const {
  std::vector<LedgerLine> all{kernel_line(*this), parse_line(*this), flow_line(*this)};
  if (packets.outer_again > 0) all.push_back(tunnels_line(*this));
  all.push_back(packets_line(*this));
  all.push_back(sink_line(*this));
  if (has_sink && final && flows.updates + flows.events > 0) all.push_back(kinds_line(*this));
  const std::vector<sink::OutputTotals>& outputs = sink.outputs;
  for (size_t i = 0; outputs.size() > 1 && i < outputs.size(); ++i)
    if (outputs[i].takes_flows) all.push_back(output_line(outputs[i], i + 1, *this));
  if (hold) all.push_back(hold_line(*hold));
  if (packet_file) all.push_back(packet_file_line(*packet_file, final));
  return all;
}

sink::StatsRecord Ledger::to_stats(int64_t time_ns, int64_t uptime_ns) const {
  sink::StatsRecord stats;
  stats.time_ns = time_ns;
  stats.uptime_ns = uptime_ns;
  if (kernel) {
    stats.kernel_packets = kernel->packets;
    stats.kernel_drops = kernel->drops;
  }
  stats.decoder = decoder_counts(packets);
  stats.flow = flow_counts(*this);
  if (packets.fragments > 0) stats.own.push_back({"fragments", fragment_counts(packets)});
  stats.own.push_back({"flow_table", table_counts(flows)});
  stats.own.push_back({"tunnel_table", {{"layers", tunnel_layers}, {"refused", tunnels_refused}}});
  if (memory)
    stats.own.push_back({"memory",
                         {{"resident_bytes", memory->resident_bytes},
                          {"huge_page_bytes", memory->huge_page_bytes}}});
  if (app) stats.own.push_back({"app", app_counts(*this)});
  if (hold) stats.own.push_back({"hold", hold_counts(*hold)});
  stats.ledger = lines();
  return stats;
}

std::vector<std::string> imbalances(std::span<const LedgerLine> lines) {
  std::vector<std::string> found;
  for (const LedgerLine& line : lines) {
    if (line.balanced || !line.total) continue;
    const uint64_t sum = sum_of(line.parts);
    std::string text = "ledger line '" + line.name + "' does not balance: " + line.total_name +
                       " " + std::to_string(*line.total) + ", its parts sum to " +
                       std::to_string(sum);
    const bool missing = *line.total > sum;
    text += (missing ? ", missing " : ", too many by ") +
            std::to_string(missing ? *line.total - sum : sum - *line.total);
    found.push_back(std::move(text));
  }
  return found;
}

}  // namespace pktana::engine
