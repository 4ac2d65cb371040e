// SPDX-License-Identifier: Apache-2.0
// Which log files a query reads, and in which pieces: plain files in parts that several threads
// take, compressed ones whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace pktana::query {

/// A part of a file: the lines that begin in it.
struct LogPart {
  static constexpr uint64_t kBytes = uint64_t{4} << 20;

  std::string path;
  uint64_t offset = 0;
  uint64_t length = 0;     ///< plain files
  bool as_stream = false;  ///< compressed, or "-": all of it, in sequence
};

struct LogParts {
  std::vector<LogPart> parts;
  std::vector<base::Error> errors;  ///< paths that are not there, directories without logs
};

/// A directory stands for the files in it that end in .json, .jsonl, .ndjson or .log, also with
/// .gz, .zst or a number behind that, in the order of their names.
[[nodiscard]] LogParts split_logs(const std::vector<std::string>& paths);

}  // namespace pktana::query
