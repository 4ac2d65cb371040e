// SPDX-License-Identifier: Apache-2.0
// One thread of a query: goes through blocks of lines, keeps those that match or adds them to its
// groups.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/group_table.h"
#include "query/line_values.h"
#include "query/query.h"

namespace pktana::query {

class LineScan {
 public:
  explicit LineScan(const QueryOptions& options);

  /// @param lines whole ones. Lines that match are appended to `out` unless the query aggregates.
  void scan(std::string_view lines, std::string& out);
  /// The end of a file without a newline: a line like the others if it is whole JSON.
  void scan_torn(std::string_view line, std::string& out);

  [[nodiscard]] GroupTable& groups() noexcept { return groups_; }
  [[nodiscard]] const QueryReport& counts() const noexcept { return counts_; }

 private:
  void look_at(std::string_view line, std::string& out);
  [[nodiscard]] bool wanted();
  [[nodiscard]] std::optional<int64_t> number_of(const filter::Field& field);
  void add_to_groups();
  void add_for_keys(size_t depth);

  const QueryOptions& options_;
  const filter::Field& timestamp_;
  const filter::Field& event_type_;
  LineValues values_;
  std::vector<std::string> needles_;
  GroupTable groups_;
  QueryReport counts_;
  GroupTable::Keys keys_;
  std::vector<std::string> key_texts_;
  std::vector<filter::Values> key_values_;
  std::vector<std::optional<int64_t>> numbers_;
};

}  // namespace pktana::query
