// SPDX-License-Identifier: Apache-2.0
#include "daemon/written_flows.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

namespace pktana::daemon {
namespace {

namespace fs = std::filesystem;

/// The number behind the key's name, as our own writer puts it.
std::optional<uint64_t> number_behind(std::string_view line, std::string_view key) {
  const size_t at = line.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const char* begin = line.data() + at + key.size();
  uint64_t number = 0;
  const auto read = std::from_chars(begin, line.data() + line.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

uint64_t record_key(uint64_t flow_id, uint64_t to_server, uint64_t to_client) noexcept {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
  return ((flow_id * kOdd + to_server) * kOdd) + to_client;
}

struct LogPart {
  fs::path path;
  fs::file_time_type written;
};

/// The log's files that shippers could read, newest first.
std::vector<LogPart> parts_of(const fs::path& log) {
  std::vector<LogPart> parts;
  std::error_code error;
  const std::string stem = log.stem().string() + "-";
  for (const auto& entry : fs::directory_iterator(log.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    const bool rotated = name.starts_with(stem) && entry.path().extension() == log.extension();
    if (!rotated && entry.path() != log) continue;
    std::error_code unknown;
    const auto written = entry.last_write_time(unknown);
    if (!unknown) parts.push_back({.path = entry.path(), .written = written});
  }
  std::sort(parts.begin(), parts.end(),
            [](const LogPart& a, const LogPart& b) { return a.written > b.written; });
  return parts;
}

}  // namespace

void WrittenFlows::read_log(const std::string& path) {
  uint64_t left = kMostBytes;
  for (const LogPart& part : parts_of(path)) {
    left -= std::min(left, read_tail(part.path.string(), left));
    if (left == 0) return;
  }
}

uint64_t WrittenFlows::read_tail(const std::string& path, uint64_t most) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return 0;
  const auto size = static_cast<uint64_t>(file.tellg());
  const uint64_t count = std::min(size, most);
  std::string text(count, '\0');
  file.seekg(static_cast<std::streamoff>(size - count));
  file.read(text.data(), static_cast<std::streamsize>(count));
  read_lines(std::string_view(text).substr(0, static_cast<size_t>(file.gcount())));
  return count;
}

void WrittenFlows::read_lines(std::string_view text) {
  while (true) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    read_line(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

void WrittenFlows::read_line(std::string_view line) {
  if (line.find("\"event_type\":\"flow\",") == std::string_view::npos) return;
  const auto flow_id = number_behind(line, "\"flow_id\":");
  const auto to_server = number_behind(line, "\"pkts_toserver\":");
  const auto to_client = number_behind(line, "\"pkts_toclient\":");
  // A line that was cut and then ended is no record.
  if (!flow_id || !to_server || !to_client || !line.ends_with('}')) return;
  flows_.insert(*flow_id);
  records_.insert(record_key(*flow_id, *to_server, *to_client));
}

bool WrittenFlows::has(const flow::FlowRecord& record) const {
  return records_.count(record_key(record.flow_id, record.totals[flow::kToServer].packets,
                                   record.totals[flow::kToClient].packets)) > 0;
}

}  // namespace pktana::daemon
