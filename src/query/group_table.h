// SPDX-License-Identifier: Apache-2.0
// Groups of a query: by the values of its keys, what was counted and computed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/accumulator.h"

namespace pktana::query {

struct Group {
  std::vector<std::optional<std::string>> keys;  ///< as text; none = lines without the field
  uint64_t count = 0;
  std::vector<Accumulator> values;  ///< by the query's columns
};

/// Bounded: when `max_groups` are there, further ones share one group without keys. One thread.
class GroupTable {
 public:
  GroupTable(size_t columns, size_t max_groups) : columns_(columns), max_groups_(max_groups) {}

  using Keys = std::vector<std::optional<std::string_view>>;

  /// The group with these keys, made if there is room. Lifetime: until the table goes.
  [[nodiscard]] Group& find(const Keys& keys);

  void merge(GroupTable& other);

  /// Takes the groups out. One that stands for many is the last and has no keys.
  [[nodiscard]] std::vector<Group> take();
  [[nodiscard]] uint64_t lines_beyond() const noexcept { return beyond_ ? beyond_->count : 0; }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  size_t columns_;
  size_t max_groups_;
  std::unordered_map<std::string, Group, Hash, std::equal_to<>> groups_;
  std::optional<Group> beyond_;
  std::string packed_;  ///< the keys as one text
};

}  // namespace pktana::query
