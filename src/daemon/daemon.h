// SPDX-License-Identifier: Apache-2.0
// The service: reads its configuration, opens all it needs, and looks after the run until somebody
// ends it. The main thread controls; workers and sink have theirs.
#pragma once

#include "daemon/config_file.h"

namespace pktana::daemon {

/// As exit status.
enum class DaemonEnd : int {
  Done = 0,        ///< it was asked to end, and everything is written
  Failed = 1,      ///< it could not begin or go on
  BadConfig = 78,  ///< the configuration is wrong, or another daemon has the directory
};

[[nodiscard]] DaemonEnd run_daemon(const ConfigRequest& request);

}  // namespace pktana::daemon
