// SPDX-License-Identifier: Apache-2.0
// The configuration as text: the sample file, and what is in force.
#pragma once

#include <string>

#include "daemon/config_file.h"

namespace pktana::daemon {

/// Every key with its default and a line on it: the shipped pktana.toml.
[[nodiscard]] std::string sample_config();

/// Every key with its value and where that comes from; a valid configuration file again.
[[nodiscard]] std::string effective_config(const LoadedConfig& loaded);

}  // namespace pktana::daemon
