// SPDX-License-Identifier: Apache-2.0
// From a configuration file and the command line to a Config, or to all that is wrong with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config.h"
#include "daemon/config_entries.h"

namespace pktana::daemon {

/// What the command line says; it goes before the file.
struct ConfigRequest {
  std::string path;
  std::vector<std::string> interfaces;  ///< --interface; empty = the file's
  /// --instance: one of several daemons by one file. Its name becomes a directory in the paths of
  /// files, sockets and state: /var/log/pktana/NAME/eve.json.
  std::string instance;
  std::string sandbox;  ///< --sandbox; empty = the file's
};

/// A key with the value that it has now, and since where.
struct ConfigSetting {
  const ConfigKey* key = nullptr;
  size_t output = 0;
  std::string value;   ///< as TOML
  std::string origin;  ///< "default", "FILE:LINE", "--interface"
};

struct LoadedConfig {
  Config config;                        ///< meaningless if there are problems
  std::vector<ConfigSetting> settings;  ///< of all keys, in the order of the sample file
  std::vector<ConfigProblem> problems;  ///< in the order of the file
};

/// Reads the file; one that can't be read is a problem.
[[nodiscard]] LoadedConfig load_config(const ConfigRequest& request);

/// The same for a text. @param request its path is the name for problems.
[[nodiscard]] LoadedConfig parse_config(std::string_view toml, const ConfigRequest& request);

[[nodiscard]] Config default_config();

}  // namespace pktana::daemon
