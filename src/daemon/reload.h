// SPDX-License-Identifier: Apache-2.0
// What a changed configuration file means for a daemon that runs: which keys differ, and which of
// them have to wait for the next start.
#pragma once

#include <string>
#include <vector>

#include "daemon/config_file.h"

namespace pktana::daemon {

struct ConfigChange {
  std::vector<std::string> live;     ///< paths of keys that are taken over now
  std::vector<std::string> restart;  ///< paths of keys that need a restart
};

/// Outputs are compared one by one; their number can't change while we run.
[[nodiscard]] ConfigChange compare(const LoadedConfig& before, const LoadedConfig& after);

}  // namespace pktana::daemon
