// SPDX-License-Identifier: Apache-2.0
// What the tests of log files share: a sink with one log file, and all that its files hold.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sample_records.h"
#include "sink/log_name.h"
#include "sink/sink.h"
#include "support/catch.h"
#include "support/temp_dir.h"
#include "test_files.h"

namespace pktana::sink {

inline OutputOptions log_output(const std::string& path, const LogFileOptions& log = {}) {
  return {.path = path, .type = OutputType::LogFile, .flush_ms = 5, .log = log};
}

inline std::unique_ptr<Sink> start_log(const std::string& path, const LogFileOptions& log = {}) {
  auto sink = Sink::start({.outputs = {log_output(path, log)}, .live = true});
  REQUIRE(sink);
  return std::move(*sink);
}

inline void hand_over(flow::RecordHandoff& producer, size_t count) {
  const std::vector<flow::FlowRecord> records(count, udp_record());
  producer.hand_over(records);
}

/// Waits until `done`, at most `patience`; returns how long it took.
inline std::chrono::milliseconds wait_until(const std::function<bool()>& done,
                                            std::chrono::milliseconds patience) {
  const auto begin = std::chrono::steady_clock::now();
  while (!done() && std::chrono::steady_clock::now() - begin < patience)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin);
}

/// Rotated files in order of their sequence, then the current one.
inline std::vector<std::string> log_paths(const std::string& path) {
  std::vector<std::string> paths;
  for (const RotatedLog& file : list_rotated(LogName::of(path)))
    paths.push_back(LogName::of(path).directory + "/" + file.name);
  if (std::filesystem::exists(path)) paths.push_back(path);
  return paths;
}

/// All of `pktana.seq` in the files, in their order. Checks that each file begins with a header
/// that tells its sequence and the number of its first record, and holds whole lines only.
inline std::vector<uint64_t> all_seqs(const std::string& path) {
  std::vector<uint64_t> seqs;
  for (const std::string& file : log_paths(path)) {
    const std::string text = content_of(file);
    const auto lines = lines_of(text);
    REQUIRE_FALSE(lines.empty());
    CHECK(text.back() == '\n');
    CHECK(JsonLine(lines[0]).text("/event_type") == "file_header");
    CHECK(lines[0].size() >= 1023);
    const uint64_t first = JsonLine(lines[0]).number("/pktana/first_seq");
    for (size_t i = 1; i < lines.size(); ++i) {
      const JsonLine line(lines[i]);
      seqs.push_back(line.number("/pktana/seq"));
      if (i == 1) CHECK(seqs.back() == first);
    }
  }
  return seqs;
}

inline bool is_one_to(const std::vector<uint64_t>& seqs, size_t count) {
  if (seqs.size() != count) return false;
  for (size_t i = 0; i < count; ++i)
    if (seqs[i] != i + 1) return false;
  return true;
}

}  // namespace pktana::sink
