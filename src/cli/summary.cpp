// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.h"

#include <algorithm>

#include "sink/human_text.h"

namespace pktana::cli {
namespace {

constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kRed = "\033[1;31m";
constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kPlain = "\033[0m";

/// A label and its number; the label's indent says what it is a part of.
struct Row {
  std::string label;
  uint64_t value;
};
using Rows = std::vector<Row>;

/// "arp_request" as a user reads it.
std::string words(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

void add_if_any(Rows& rows, std::string label, uint64_t value) {
  if (value > 0) rows.push_back({std::move(label), value});
}

Rows kernel_rows(const ring::RingStatistics& kernel) {
  Rows rows{{"  seen by the kernel", kernel.packets}, {"  dropped by the kernel", kernel.drops}};
  add_if_any(rows, "  times the ring was full", kernel.freezes);
  return rows;
}

void add_undecodable(const engine::PacketTotals& packets, Rows& rows) {
  add_if_any(rows, "  undecodable", packets.undecodable_sum());
  for (unsigned layer = 0; layer < parse::kLayerCount; ++layer)
    for (unsigned error = 0; error < parse::kParseErrorCount; ++error) {
      const std::string name(to_string(static_cast<parse::Layer>(layer)));
      const std::string reason(to_string(static_cast<parse::ParseError>(error)));
      add_if_any(rows, "    " + words(name) + " " + reason, packets.undecodable[layer][error]);
    }
}

void add_non_ip(const engine::PacketTotals& packets, Rows& rows) {
  add_if_any(rows, "  not IP", packets.non_ip_sum());
  for (unsigned type = 0; type < parse::kNonIpCount; ++type)
    add_if_any(rows, "    " + words(to_string(static_cast<parse::NonIp>(type))),
               packets.non_ip[type]);
}

Rows packet_rows(const engine::Ledger& ledger) {
  const engine::PacketTotals& packets = ledger.packets;
  Rows rows = ledger.kernel ? kernel_rows(*ledger.kernel) : Rows{};
  rows.push_back({"  captured", packets.captured});
  add_if_any(rows, "  filtered out", packets.filtered_out);
  add_if_any(rows, "  beyond the limit", packets.over_limit);
  rows.push_back({"  in flows", ledger.flows.packets});
  add_non_ip(packets, rows);
  add_undecodable(packets, rows);
  return rows;
}

Rows flow_rows(const engine::Ledger& ledger) {
  Rows rows{{"  created", ledger.flows.flows_created}};
  for (unsigned reason = 0; reason < flow::kEndReasonCount; ++reason)
    add_if_any(rows, "    ended: " + words(to_string(static_cast<flow::EndReason>(reason))),
               ledger.flows.ended[reason]);
  return rows;
}

Rows record_rows(const engine::Ledger& ledger) {
  if (!ledger.has_sink) return {};
  Rows rows{{"  written", ledger.sink.written}};
  add_if_any(rows, "  filtered out", ledger.records_filtered_out);
  add_if_any(rows, "  not wanted", ledger.sink.not_wanted);
  add_if_any(rows, "  dropped: queue full", ledger.sink.dropped_queue_full);
  add_if_any(rows, "  dropped: disk full", ledger.sink.dropped_disk_full);
  add_if_any(rows, "  dropped: output slow", ledger.sink.dropped_output_slow);
  add_if_any(rows, "  dropped: output down", ledger.sink.dropped_sink_down);
  return rows;
}

Rows packet_file_rows(const engine::Ledger& ledger) {
  if (!ledger.packet_file) return {};
  const sink::PacketFileTotals& file = *ledger.packet_file;
  Rows rows{{"  written", file.written}};
  add_if_any(rows, "  dropped: disk too slow", file.dropped_queue_full);
  add_if_any(rows, "  dropped: disk full", file.dropped_disk_full);
  add_if_any(rows, "  dropped: file failed", file.dropped_file_down);
  add_if_any(rows, "  dropped: other link type", file.dropped_link_type);
  add_if_any(rows, "  after the last file", file.over_limit);
  rows.push_back({"  files", file.files});
  rows.push_back({"  bytes", file.bytes_written});
  return rows;
}

Rows hold_rows(const engine::Ledger& ledger) {
  if (!ledger.hold) return {};
  const engine::PacketHoldTotals& hold = *ledger.hold;
  Rows rows{{"  of flows that match", hold.passed_on},
            {"  let go: of other flows", hold.let_go_other_flows}};
  add_if_any(rows, "  let go: of no flow", hold.let_go_no_flow);
  add_if_any(rows, "  flows judged before their end", hold.flows_decided_early);
  add_if_any(rows, "    packets let go wrongly", hold.let_go_wrongly);
  add_if_any(rows, "    packets taken wrongly", hold.passed_on_wrongly);
  return rows;
}

void add_section(std::string_view title, const Rows& rows, bool color, std::string& text) {
  constexpr size_t kLabelColumns = 32;
  constexpr size_t kNumberColumns = 14;
  if (rows.empty()) return;
  text += color ? std::string(kBold) + std::string(title) + std::string(kPlain) : title;
  text += '\n';
  for (const Row& row : rows) {
    const std::string number = std::to_string(row.value);
    const size_t pad = kNumberColumns - std::min(kNumberColumns, number.size());
    text += row.label + std::string(kLabelColumns - std::min(kLabelColumns, row.label.size()), ' ');
    text += std::string(pad, ' ') + number + '\n';
  }
}

/// "packets seen 10 = captured 9 + ring drops 1"
std::string equation(const sink::LedgerLine& line) {
  std::string text = words(line.total_name) + " ";
  text += line.total ? std::to_string(*line.total) : "unknown";
  const char* sign = " = ";
  for (const sink::NamedCount& part : line.parts) {
    text += sign + words(part.name) + " " + std::to_string(part.value);
    sign = " + ";
  }
  return text;
}

std::string verdict(const sink::LedgerLine& line, bool color) {
  if (!line.total) return "not known";
  const std::string text = line.balanced ? "ok" : "MISMATCH";
  if (!color) return text;
  return std::string(line.balanced ? kGreen : kRed) + text + std::string(kPlain);
}

void add_ledger(const engine::Ledger& ledger, bool color, std::string& text) {
  constexpr size_t kNameColumns = 9;
  const std::vector<sink::LedgerLine> lines = ledger.lines();
  text += color ? std::string(kBold) + "ledger" + std::string(kPlain) : "ledger";
  text += '\n';
  for (const sink::LedgerLine& line : lines) {
    text += "  " + line.name;
    text += std::string(kNameColumns - std::min(kNameColumns, line.name.size()), ' ');
    text += equation(line) + ": " + verdict(line, color) + '\n';
  }
}

}  // namespace

std::string summary_text(const engine::RunReport& report, bool color) {
  std::string text;
  add_section("packets", packet_rows(report.ledger), color, text);
  add_section("flows", flow_rows(report.ledger), color, text);
  add_section("packets selected", hold_rows(report.ledger), color, text);
  add_section("packets to file", packet_file_rows(report.ledger), color, text);
  add_section("records", record_rows(report.ledger), color, text);
  add_ledger(report.ledger, color, text);
  text += "took " + std::string(sink::human_duration(report.elapsed_ns).view()) + "\n";
  return text;
}

std::string capture_counts(const engine::Ledger& ledger) {
  const engine::PacketTotals& packets = ledger.packets;
  const uint64_t shown = packets.captured - packets.filtered_out - packets.over_limit;
  std::string text = std::to_string(shown) + " packets captured\n";
  if (!ledger.kernel) return text;
  text += std::to_string(ledger.kernel->packets) + " packets received by filter\n";
  return text + std::to_string(ledger.kernel->drops) + " packets dropped by kernel\n";
}

}  // namespace pktana::cli
