// SPDX-License-Identifier: Apache-2.0
// The configuration file, taken apart: which known key has which value at which place. The one
// header in front of toml++; what the values mean is config_file.h's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config_keys.h"
#include "daemon/config_value.h"

namespace pktana::daemon {

/// What is wrong, and where.
struct ConfigProblem {
  std::string file;
  unsigned line = 0;  ///< from 1; 0 = of the file as a whole
  unsigned column = 0;
  std::string text;
};

/// "FILE:LINE:COLUMN: text".
[[nodiscard]] std::string to_string(const ConfigProblem& problem);

struct ConfigEntry {
  const ConfigKey* key = nullptr;
  size_t output = 0;  ///< which [[output]], from 0
  ConfigValue value;
  unsigned line = 0;  ///< of the value
  unsigned column = 0;
};

struct ConfigEntries {
  std::vector<ConfigEntry> entries;
  size_t outputs = 0;                   ///< number of [[output]]
  std::vector<ConfigProblem> problems;  ///< unknown keys, a text that is no TOML, ...
};

/// @param name of the file, for the problems.
[[nodiscard]] ConfigEntries read_entries(std::string_view toml, const std::string& name);

/// A key's default.
[[nodiscard]] ConfigValue default_of(const ConfigKey& key);

}  // namespace pktana::daemon
