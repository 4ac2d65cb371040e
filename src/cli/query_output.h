// SPDX-License-Identifier: Apache-2.0
// What a query found, as a table, JSON lines or CSV. For the command query.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/line_output.h"
#include "cli/options.h"
#include "query/line_values.h"
#include "query/query.h"

namespace pktana::cli {

/// Lines of the log: JSON as they are, else their main fields in columns.
class LinePrinter {
 public:
  LinePrinter(QueryChoice::Format format, LineOutput& output);

  /// @param lines whole ones. @return false: the output failed, no more of them.
  [[nodiscard]] bool print(std::string_view lines);

 private:
  void print_line(std::string_view line);

  QueryChoice::Format format_;
  LineOutput& output_;
  query::LineValues values_;
  std::string padded_;  ///< a line and the room behind it that the parser wants
  bool has_header_ = false;
};

/// All rows, in order, with a header where the format has one. Takes the groups.
/// @param groups without keys and time there is one row, also if no line matched.
[[nodiscard]] std::string print_groups(const QueryChoice& choice,
                                       std::vector<query::Group>& groups);

}  // namespace pktana::cli
