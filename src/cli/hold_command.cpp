// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/log.h"
#include "daemon/holder.h"

namespace pktana::cli {

ExitStatus run_hold(const Options& options) {
  const auto status = daemon::hold(options.held_command);
  if (status) return static_cast<ExitStatus>(*status);
  log_error(status.error());
  return kFailed;
}

}  // namespace pktana::cli
