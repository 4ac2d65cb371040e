// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_file.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "daemon/config_checks.h"

namespace pktana::daemon {
namespace {

/// The entries of the file and the command line, and the Config that they are put into.
class Builder {
 public:
  Builder(const ConfigRequest& request, ConfigEntries entries)
      : request_(request), entries_(std::move(entries)) {
    out_.problems = std::move(entries_.problems);
    entries_.outputs = std::max<size_t>(entries_.outputs, 1);
    out_.config.outputs.resize(entries_.outputs);
  }

  LoadedConfig build() {
    for (const ConfigTable& table : config_tables())
      if (table.name == kOutputTable)
        for (size_t i = 0; i < entries_.outputs; ++i)
          put_table(table.name, i);
      else
        put_table(table.name, 0);
    put_instance(out_.config, request_.instance);
    for (ConfigCheck& found : check_config(out_.config))
      if (!is_wrong(found.key, found.output)) complain(found.key, found.output, found.text);
    std::stable_sort(out_.problems.begin(), out_.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(out_);
  }

 private:
  static bool is_in(const ConfigKey& key, std::string_view table) {
    return key.table == table || (table == kTimeoutTable && key.table.starts_with(kTimeoutTable));
  }

  void put_table(std::string_view table, size_t output) {
    for (const ConfigKey& key : config_keys())
      if (is_in(key, table)) put(key, output);
  }

  [[nodiscard]] const ConfigEntry* find(const ConfigKey& key, size_t output) const {
    const auto& list = entries_.entries;
    const auto found = std::find_if(list.begin(), list.end(), [&](const ConfigEntry& entry) {
      return entry.key == &key && entry.output == output;
    });
    return found == list.end() ? nullptr : &*found;
  }

  /// What the command line says of the key.
  [[nodiscard]] std::optional<ConfigValue> from_words(const ConfigKey& key,
                                                      std::string& origin) const {
    const std::string path = path_of(key);
    if (path == "capture.interfaces" && !request_.interfaces.empty()) {
      origin = "--interface";
      return request_.interfaces;
    }
    if (path == "sandbox.mode" && !request_.sandbox.empty()) {
      origin = "--sandbox";
      return request_.sandbox;
    }
    return std::nullopt;
  }

  void put(const ConfigKey& key, size_t output) {
    const ConfigTarget target{.config = out_.config, .output = &out_.config.outputs[output]};
    std::string origin = "default";
    ConfigValue value = default_of(key);
    const ConfigEntry* entry = find(key, output);
    if (entry != nullptr) {
      origin = fmt::format("{}:{}", request_.path, entry->line);
      value = entry->value;
      // Read in any case: a mistake in the file does not go unnoticed because of the command line.
      if (auto read = key.read(value, target); !read) complain(key, output, read.error().detail);
    }
    if (auto said = from_words(key, origin)) value = std::move(*said), entry = nullptr;
    if (entry == nullptr)
      if (auto read = key.read(value, target); !read)
        out_.problems.push_back({.file = origin, .text = read.error().detail});
    out_.settings.push_back(
        {.key = &key, .output = output, .value = to_toml(value), .origin = std::move(origin)});
  }

  /// Something is wrong with the key already: nothing more is said of it.
  [[nodiscard]] bool is_wrong(std::string_view path, size_t output) const {
    return std::any_of(wrong_.begin(), wrong_.end(),
                       [&](const auto& one) { return one.first == path && one.second == output; });
  }

  void complain(const ConfigKey& key, size_t output, const std::string& text) {
    complain(path_of(key), output, text);
  }
  void complain(const std::string& path, size_t output, const std::string& text) {
    ConfigProblem problem{.file = request_.path, .text = path + ": " + text};
    for (const ConfigEntry& entry : entries_.entries)
      if (path_of(*entry.key) == path && entry.output == output) {
        problem.line = entry.line;
        problem.column = entry.column;
      }
    wrong_.emplace_back(path, output);
    out_.problems.push_back(std::move(problem));
  }

  const ConfigRequest& request_;
  ConfigEntries entries_;
  LoadedConfig out_;
  std::vector<std::pair<std::string, size_t>> wrong_;
};

}  // namespace

LoadedConfig load_config(const ConfigRequest& request) {
  std::ifstream file(request.path, std::ios::binary);
  const int error = errno;
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file) return parse_config(text, request);
  LoadedConfig failed;
  failed.problems.push_back(
      {.file = request.path,
       .text = base::to_string(base::errno_error(error == 0 ? EIO : error, "open"))});
  return failed;
}

LoadedConfig parse_config(std::string_view toml, const ConfigRequest& request) {
  return Builder(request, read_entries(toml, request.path)).build();
}

Config default_config() { return parse_config("", {}).config; }

}  // namespace pktana::daemon
