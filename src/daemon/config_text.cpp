// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace pktana::daemon {
namespace {

constexpr size_t kNoteColumn = 36;

/// The table that a key is written in: those of the timeouts share one.
std::string_view heading_of(const ConfigKey& key) {
  return key.table.starts_with(kTimeoutTable) ? kTimeoutTable : key.table;
}

std::string heading(std::string_view table) {
  return table == kOutputTable ? "[[output]]" : fmt::format("[{}]", table);
}

std::string_view about(std::string_view table) {
  const auto tables = config_tables();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const ConfigTable& one) { return one.name == table; });
  return found == tables.end() ? "" : found->about;
}

/// Within its heading: "tcp.new".
std::string name_of(const ConfigKey& key) {
  const std::string_view table = heading_of(key);
  return path_of(key).substr(table.size() + 1);
}

std::string line(const std::string& setting, std::string_view note) {
  const size_t width = setting.size() < kNoteColumn ? kNoteColumn : setting.size() + 2;
  return fmt::format("{:<{}}# {}\n", setting, width, note);
}

}  // namespace

std::string sample_config() {
  std::string text =
      "# pktana's configuration: every key with its default.\n"
      "# `pktana check-config FILE` finds mistakes; `systemctl reload pktana` takes over\n"
      "# [stats], [log] and state.checkpoint_interval, a restart the rest.\n"
      "# Times are \"500ms\", \"30s\", \"10m\", \"2h\", \"1d\"; sizes \"64KiB\", \"16MiB\", "
      "\"1GB\".\n";
  std::string_view table;
  for (const ConfigKey& key : config_keys()) {
    if (heading_of(key) != table) {
      table = heading_of(key);
      text += "\n" + line(heading(table), about(table));
    }
    text += line(fmt::format("{} = {}", name_of(key), key.fallback), key.about);
  }
  return text;
}

std::string effective_config(const LoadedConfig& loaded) {
  std::string text;
  std::string_view table;
  size_t output = 0;
  for (const ConfigSetting& setting : loaded.settings) {
    if (heading_of(*setting.key) != table || setting.output != output) {
      table = heading_of(*setting.key);
      output = setting.output;
      text += (text.empty() ? "" : "\n") + heading(table) + "\n";
    }
    text += line(fmt::format("{} = {}", name_of(*setting.key), setting.value), setting.origin);
  }
  return text;
}

}  // namespace pktana::daemon
