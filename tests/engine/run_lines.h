// SPDX-License-Identifier: Apache-2.0
// Runs over capture files with a fixed secret, and the lines that they write.
#pragma once

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <vector>

#include "engine/run.h"
#include "support/catch.h"

namespace pktana::engine {

inline RunOptions options_for(const std::string& output, unsigned threads = 1) {
  RunOptions options;
  options.threads = threads;
  options.shard.secret = *base::HashSecret::from_hex("7");
  options.shard.max_flows = 10000;
  if (!output.empty()) options.sink.outputs.push_back({.path = output});
  return options;
}

inline RunReport run(const std::vector<std::string>& paths, RunOptions options) {
  const std::atomic<bool> stop{false};
  auto report = run_files(paths, std::move(options), stop);
  REQUIRE(report.has_value());
  CHECK(imbalances(report->ledger.lines()).empty());
  return std::move(*report);
}

inline std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

/// Those of flows.
inline std::vector<std::string> flow_lines_of(const std::string& path) {
  std::vector<std::string> lines = lines_of(path);
  std::erase_if(lines, [](const std::string& line) {
    return line.find("\"event_type\":\"flow\"") == std::string::npos;
  });
  return lines;
}

/// The flow records without their number in the stream, sorted: what must not depend on threads.
inline std::vector<std::string> comparable(const std::string& path) {
  std::vector<std::string> records;
  for (std::string line : flow_lines_of(path)) {
    const size_t seq = line.find("\"seq\":");
    REQUIRE(seq != std::string::npos);
    line.erase(seq, line.find(',', seq) - seq);
    records.push_back(std::move(line));
  }
  std::sort(records.begin(), records.end());
  return records;
}

}  // namespace pktana::engine
