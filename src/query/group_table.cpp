// SPDX-License-Identifier: Apache-2.0
#include "query/group_table.h"

#include <utility>

namespace pktana::query {
namespace {

/// A mark of presence, the length and the text: two lists of keys never pack alike.
void pack(std::string& packed, const std::optional<std::string_view>& key) {
  packed += key ? 'k' : 'n';
  if (!key) return;
  const auto size = static_cast<uint32_t>(key->size());
  packed.append(reinterpret_cast<const char*>(&size), sizeof size);
  packed += *key;
}

void add_up(Group& into, const Group& from) {
  into.count += from.count;
  for (size_t i = 0; i < into.values.size(); ++i)
    into.values[i].merge(from.values[i]);
}

}  // namespace

Group& GroupTable::find(const Keys& keys) {
  packed_.clear();
  for (const auto& key : keys)
    pack(packed_, key);
  const auto known = groups_.find(std::string_view(packed_));
  if (known != groups_.end()) return known->second;
  if (groups_.size() >= max_groups_) {
    if (!beyond_) beyond_.emplace().values.resize(columns_);
    return *beyond_;
  }
  Group group;
  for (const auto& key : keys)
    group.keys.push_back(key ? std::optional<std::string>(*key) : std::nullopt);
  group.values.resize(columns_);
  return groups_.emplace(packed_, std::move(group)).first->second;
}

void GroupTable::merge(GroupTable& other) {
  Keys keys;
  for (auto& [packed, group] : other.groups_) {
    keys.assign(group.keys.begin(), group.keys.end());
    add_up(find(keys), group);
  }
  if (!other.beyond_) return;
  if (!beyond_) beyond_.emplace().values.resize(columns_);
  add_up(*beyond_, *other.beyond_);
}

std::vector<Group> GroupTable::take() {
  std::vector<Group> groups;
  groups.reserve(groups_.size() + 1);
  for (auto& [packed, group] : groups_)
    groups.push_back(std::move(group));
  groups_.clear();
  if (beyond_) groups.push_back(std::move(*beyond_));
  return groups;
}

}  // namespace pktana::query
