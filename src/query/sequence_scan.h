// SPDX-License-Identifier: Apache-2.0
// Reads the numbers out of log lines: which records a part of a log holds, which file headers, and
// which lines are not whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::query {

/// Records with consecutive numbers, in the order of the file. An empty one (last = first - 1) only
/// says which number comes next.
struct SequenceRun {
  uint64_t first = 0;
  uint64_t last = 0;
};

/// What stands in a file_header.
struct LogHeader {
  std::string stream = {};
  uint64_t file_sequence = 0;
  uint64_t first_seq = 0;
};

/// Lines from one header to the next.
struct SequenceSegment {
  std::optional<LogHeader> header = {};  ///< none: the segment goes on from the part before
  std::vector<SequenceRun> runs = {};
};

/// What a part of a log holds.
struct SequenceFacts {
  std::vector<SequenceSegment> segments = {SequenceSegment{}};
  std::vector<uint64_t> torn = {};  ///< lines, counted from 0 within the part
  bool has_tail = false;            ///< behind the last line: a piece without a newline
  uint64_t lines = 0;
  uint64_t records = 0;     ///< numbered
  uint64_t unnumbered = 0;  ///< whole JSON without a number
  uint64_t bytes = 0;
};

/// A line is looked at as bytes: EVE's pktana.seq, the `sequence` of ECS and OCSF. It is taken for
/// whole when it is an object from '{' to '}'; the last line of each block is parsed, since a torn
/// one can only be the last of its file, and so is any line that doesn't look like that. One
/// thread.
class SequenceScan {
 public:
  /// @param lines whole ones, each with its newline.
  void scan(std::string_view lines);
  /// The end of a file without a newline: a record like the others if it is whole JSON.
  void scan_tail(std::string_view tail);

  /// What the lines since the last call hold.
  [[nodiscard]] SequenceFacts take();

 private:
  void look_at(std::string_view line, bool last);
  void add_record(uint64_t seq);
  void add_header(std::string_view line);

  SequenceFacts facts_;
  size_t kind_ = 0;  ///< the way of numbering that the last line had
};

}  // namespace pktana::query
