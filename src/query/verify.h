// SPDX-License-Identifier: Apache-2.0
// Proves from the numbers in logs that nothing is missing or doubled (pktana verify).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace pktana::query {

struct VerifyOptions {
  std::vector<std::string> paths;  ///< files, directories, "-"
  unsigned threads = 1;
};

/// Something that is not as it should be.
struct LogFault {
  enum class Kind : uint8_t {
    Gap,          ///< records `first` to `last` of the stream are nowhere
    Doubled,      ///< records `first` to `last` are there twice
    Torn,         ///< line `first` of `path` is not whole
    MissingFile,  ///< files `first` to `last` of the log at `path` are nowhere
  };
  Kind kind = Kind::Gap;
  std::string stream = {};  ///< Gap, Doubled: of the header, or the file's path without one
  uint64_t first = 0;
  uint64_t last = 0;
  std::string path = {};    ///< Gap: the file behind it; Doubled: the file with the later copy
  std::string before = {};  ///< Gap: the file in front of it; empty = nothing in front
};

struct VerifyReport {
  uint64_t files = 0;
  uint64_t streams = 0;
  uint64_t lines = 0;
  uint64_t records = 0;
  uint64_t unnumbered = 0;  ///< whole lines without a number
  uint64_t bytes = 0;       ///< of lines, decompressed
  uint64_t missing = 0;     ///< records in gaps
  uint64_t doubled = 0;     ///< records
  uint64_t torn = 0;        ///< lines
  uint64_t unfinished = 0;  ///< last lines of files that were written to just now: no faults
  std::vector<LogFault> faults;
  std::vector<base::Error> errors;  ///< paths that could not be read

  [[nodiscard]] bool is_whole() const noexcept { return faults.empty() && errors.empty(); }
};

/// Streams may begin anywhere, since retention removes their first files; from there on every
/// number must be there once. A file without a header is a stream of its own. Of a file that is
/// there plain and as .zst (just being compressed) the .zst counts.
[[nodiscard]] VerifyReport run_verify(const VerifyOptions& options, const std::atomic<bool>& stop);

}  // namespace pktana::query
