// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration file: the one source of their names, defaults, explanations and
// readers. The sample file, the documentation, `check-config` and the reading itself are made of
// it.
#pragma once

#include <span>
#include <string_view>

#include "daemon/config.h"
#include "daemon/config_value.h"

namespace pktana::daemon {

/// Where a key's value goes; `output` is the [[output]] it stands in, else null.
struct ConfigTarget {
  Config& config;
  OutputConfig* output;
};

struct ConfigKey {
  std::string_view table;     ///< "" (top), "capture", "flow.timeouts.tcp", "output", ...
  std::string_view name;      ///< within the table
  std::string_view fallback;  ///< as TOML
  std::string_view about;     ///< one line
  bool live;                  ///< a reload takes it over; else the next start does
  base::Result<void> (*read)(const ConfigValue& value, ConfigTarget target);
};

struct ConfigTable {
  std::string_view name;
  std::string_view about;
};

/// In the order of the sample file; the keys of one table lie together.
[[nodiscard]] std::span<const ConfigKey> config_keys() noexcept;

/// The tables in that order, with a line on each; those of the timeouts stand inline.
[[nodiscard]] std::span<const ConfigTable> config_tables() noexcept;

inline constexpr std::string_view kOutputTable = "output";
inline constexpr std::string_view kTimeoutTable = "flow.timeouts";

/// "capture.ring_size".
[[nodiscard]] std::string path_of(const ConfigKey& key);

}  // namespace pktana::daemon
