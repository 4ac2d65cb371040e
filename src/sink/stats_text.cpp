// SPDX-License-Identifier: Apache-2.0
#include "sink/stats_text.h"

#include <string>
#include <vector>

#include "sink/source_names.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

/// How much of the record goes on the line.
enum class Detail : uint8_t { Bare, Ledger, Full };

void add_key(std::string& line, std::string_view name) {
  if (line.back() != '{') line += ',';
  line += '"' + escaped_name(name, QuoteStyle::Json) + "\":";
}

void add_number(std::string& line, std::string_view name, std::optional<uint64_t> value) {
  add_key(line, name);
  line += value ? std::to_string(*value) : "null";
}

void add_group(std::string& line, std::string_view name, const std::vector<NamedCount>& counts) {
  if (counts.empty()) return;
  add_key(line, name);
  line += '{';
  for (const NamedCount& count : counts)
    add_number(line, count.name, count.value);
  line += '}';
}

void add_capture(std::string& line, const StatsRecord& record) {
  // There is no word for an unknown number: it is left out here, and null in the ledger.
  std::vector<NamedCount> capture;
  if (record.kernel_packets) capture.push_back({"kernel_packets", *record.kernel_packets});
  if (record.kernel_drops) capture.push_back({"kernel_drops", *record.kernel_drops});
  add_group(line, "capture", capture);
}

void add_ledger(std::string& line, const std::vector<LedgerLine>& ledger) {
  add_key(line, "ledger");
  line += '{';
  for (const LedgerLine& identity : ledger) {
    add_key(line, identity.name);
    line += '{';
    add_number(line, identity.total_name, identity.total);
    for (const NamedCount& part : identity.parts)
      add_number(line, part.name, part.value);
    add_key(line, "balanced");
    line += !identity.total ? "null}" : identity.balanced ? "true}" : "false}";
  }
  line += '}';
}

std::string make_line(const StatsRecord& record, const StatsFrame& frame, Detail detail) {
  std::string line(frame.before);
  add_key(line, "stats");
  line += '{';
  add_number(line, "uptime", static_cast<uint64_t>(floor_seconds(record.uptime_ns)));
  add_capture(line, record);
  if (detail == Detail::Full) {
    add_group(line, "decoder", record.decoder);
    add_group(line, "flow", record.flow);
  }
  line += '}';
  line += frame.between;
  if (detail != Detail::Full) line += R"(,"left_out":true)";
  if (detail == Detail::Full)
    for (const NamedGroup& group : record.own)
      add_group(line, group.name, group.counts);
  if (detail != Detail::Bare) add_ledger(line, record.ledger);
  line += frame.after;
  return line;
}

}  // namespace

char* put_stats_line(char* out, const StatsRecord& record, const StatsFrame& frame) {
  std::string line = make_line(record, frame, Detail::Full);
  if (line.size() > kMaxLineBytes) line = make_line(record, frame, Detail::Ledger);
  if (line.size() > kMaxLineBytes) line = make_line(record, frame, Detail::Bare);
  return put_text(out, line);
}

}  // namespace pktana::sink
