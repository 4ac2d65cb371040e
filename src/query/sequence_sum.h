// SPDX-License-Identifier: Apache-2.0
// Puts together what the parts of all logs hold, by stream and by log, and finds what is missing,
// doubled or torn.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "query/sequence_scan.h"
#include "query/verify.h"

namespace pktana::query {

/// One thread.
class SequenceSum {
 public:
  /// Parts in their order within each file.
  /// @param begins the first part of its file.
  void add(const std::string& path, bool begins, const SequenceFacts& facts);

  [[nodiscard]] VerifyReport take();

 private:
  struct PlacedRun {
    SequenceRun run;
    size_t file = 0;  ///< in paths_
  };
  struct Stream {
    std::vector<PlacedRun> runs;
  };

  void begin_file(const std::string& path);
  void end_file();
  void add_segment(const SequenceSegment& segment);
  void find_faults(const std::string& name, Stream& stream);
  void find_missing_files();

  VerifyReport report_;
  std::vector<std::string> paths_;
  std::map<std::string, Stream> streams_;
  std::map<std::string, std::set<uint64_t>> files_of_log_;  ///< their numbers, by the log's path
  Stream* current_ = nullptr;
  bool has_tail_ = false;
  uint64_t lines_of_file_ = 0;
};

/// The log that a file belongs to, and its number by its name (0 = it has none, it is the current
/// one): "/x/eve-20261123T081457Z-000123.json.zst" is number 123 of "/x/eve.json".
struct LogFileName {
  std::string log;
  uint64_t number = 0;
};
[[nodiscard]] LogFileName split_log_file_name(const std::string& path);

}  // namespace pktana::query
