// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "daemon/daemon.h"

namespace pktana::cli {

ExitStatus run_daemon(const Options& options) {
  return static_cast<ExitStatus>(daemon::run_daemon(options.config.request));
}

}  // namespace pktana::cli
