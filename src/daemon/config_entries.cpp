// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_entries.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/nearest.h"

namespace pktana::daemon {
namespace {

ConfigValue list_of(const toml::array& array) {
  std::vector<std::string> list;
  for (const toml::node& node : array) {
    const auto text = node.value_exact<std::string>();
    if (!text) return OtherValue{};
    list.push_back(*text);
  }
  return list;
}

ConfigValue value_of(const toml::node& node) {
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<int64_t>()) return *number;
  if (const auto number = node.value_exact<double>()) return *number;
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto* array = node.as_array()) return list_of(*array);
  return OtherValue{};
}

std::string joined(std::string_view table, std::string_view name) {
  return table.empty() ? std::string(name) : fmt::format("{}.{}", table, name);
}

/// Whether keys stand in this table or below it.
bool is_table(std::string_view path) {
  const auto keys = config_keys();
  return std::any_of(keys.begin(), keys.end(), [&](const ConfigKey& key) {
    return key.table == path || key.table.starts_with(std::string(path) + '.');
  });
}

const ConfigKey* find_key(std::string_view table, std::string_view name) {
  const auto keys = config_keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const ConfigKey& key) {
    return key.table == table && key.name == name;
  });
  return found == keys.end() ? nullptr : &*found;
}

/// What may stand in a table: its keys and the tables right below it.
std::vector<std::string> names_in(std::string_view table) {
  std::vector<std::string> names;
  const std::string prefix = table.empty() ? "" : std::string(table) + '.';
  for (const ConfigKey& key : config_keys()) {
    const std::string path = path_of(key);
    if (!path.starts_with(prefix)) continue;
    std::string name = path.substr(prefix.size());
    name.resize(std::min(name.find('.'), name.size()));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

/// "; it belongs in [flow]", for a key that is in the wrong table.
std::string right_place(std::string_view name) {
  for (const ConfigKey& key : config_keys())
    if (key.name == name) return fmt::format("; it belongs in [{}]", key.table);
  return "";
}

class Walk {
 public:
  Walk(const std::string& file, ConfigEntries& out) : file_(file), out_(out) {}

  void take_table(const toml::table& table, const std::string& path) {
    for (const auto& [key, node] : table)
      take(key, node, path);
  }

 private:
  void take(const toml::key& key, const toml::node& node, const std::string& table) {
    const std::string path = joined(table, key.str());
    if (path == kOutputTable) return take_outputs(node);
    if (const ConfigKey* known = find_key(table, key.str())) return take_value(*known, node);
    if (!is_table(path)) return complain_of_unknown(key, table);
    if (const toml::table* inner = node.as_table()) return take_table(*inner, path);
    complain(node.source(), fmt::format("{0} is a table: write [{0}]", path));
  }

  void take_outputs(const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr || !array->is_array_of_tables())
      return complain(node.source(), "each output is a table of its own: write [[output]]");
    for (const toml::node& one : *array) {
      take_table(*one.as_table(), std::string(kOutputTable));
      ++out_.outputs;
    }
  }

  void take_value(const ConfigKey& key, const toml::node& node) {
    if (node.is_table())
      return complain(node.source(), fmt::format("{} is a value, not a table", path_of(key)));
    const toml::source_position& place = node.source().begin;
    out_.entries.push_back({.key = &key,
                            .output = key.table == kOutputTable ? out_.outputs : 0,
                            .value = value_of(node),
                            .line = place.line,
                            .column = place.column});
  }

  void complain_of_unknown(const toml::key& key, const std::string& table) {
    const auto names = names_in(table);
    std::string mend = base::suggestion(key.str(), names);
    if (mend.empty()) mend = right_place(key.str());
    if (mend.empty()) {
      mend = table.empty() ? "; the tables are " : fmt::format("; [{}] has ", table);
      for (const std::string& name : names)
        mend += (name == names.front() ? "" : ", ") + name;
    }
    complain(key.source(), fmt::format("unknown key {}{}", joined(table, key.str()), mend));
  }

  void complain(const toml::source_region& where, std::string text) {
    out_.problems.push_back({.file = file_,
                             .line = where.begin.line,
                             .column = where.begin.column,
                             .text = std::move(text)});
  }

  const std::string& file_;
  ConfigEntries& out_;
};

}  // namespace

std::string to_string(const ConfigProblem& problem) {
  if (problem.line == 0) return problem.file + ": " + problem.text;
  return fmt::format("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.text);
}

ConfigEntries read_entries(std::string_view toml, const std::string& name) {
  ConfigEntries out;
  try {
    Walk(name, out).take_table(toml::parse(toml), "");
  } catch (const toml::parse_error& error) {
    out.problems.push_back({.file = name,
                            .line = error.source().begin.line,
                            .column = error.source().begin.column,
                            .text = std::string(error.description())});
  }
  // toml++ has the keys of a table in the order of their names.
  std::stable_sort(out.problems.begin(), out.problems.end(), [](const auto& a, const auto& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  return out;
}

ConfigValue default_of(const ConfigKey& key) {
  const toml::table table = toml::parse("v = " + std::string(key.fallback));
  return value_of(*table.get("v"));
}

}  // namespace pktana::daemon
