// SPDX-License-Identifier: Apache-2.0
// Queries over logs of flow records: lines that an expression matches, or sums over groups of them.
// For the command line; what is printed is its business.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "filter/expression.h"
#include "query/accumulator.h"
#include "query/group_table.h"

namespace pktana::query {

struct Column {
  Function function = Function::Sum;
  const filter::Field* field = nullptr;  ///< of a type that has numbers
};

struct QueryOptions {
  std::vector<std::string> paths;  ///< files, folders, "-"
  const filter::Expression* where = nullptr;
  std::vector<const filter::Field*> by;
  std::vector<Column> columns;
  bool aggregate = false;       ///< groups (one, without `by`), else lines
  int64_t every_ns = 0;         ///< groups by time as well, the first key; 0 = not
  int64_t from_ns = INT64_MIN;  ///< `timestamp`, both ends included
  int64_t to_ns = INT64_MAX;
  /// flow_update events repeat what their flow's last record sums up; they take part only if asked
  /// for.
  bool with_updates = false;
  unsigned threads = 1;
  size_t max_groups = 5'000'000;
  /// Lines that match, each with its newline, in the order of the logs. False: no more, please.
  std::function<bool(std::string_view)> on_lines;
};

struct QueryReport {
  std::vector<Group> groups;  ///< in no order
  uint64_t lines_beyond_groups = 0;
  uint64_t matched = 0;
  uint64_t not_json = 0;            ///< of the lines that were looked into
  uint64_t torn = 0;                ///< files whose last line is not whole
  uint64_t bytes = 0;               ///< of the logs, decompressed
  std::vector<base::Error> errors;  ///< of files that could not be read to their end
};

/// What can't be read is among the errors; the rest is read. `stop`: ends early.
[[nodiscard]] QueryReport run_query(const QueryOptions& options, const std::atomic<bool>& stop);

}  // namespace pktana::query
