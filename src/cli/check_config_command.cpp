// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "cli/terminal.h"
#include "daemon/config_text.h"

namespace pktana::cli {

ExitStatus run_check_config(const Options& options) {
  if (options.config.sample) return print_text(daemon::sample_config());
  const daemon::LoadedConfig loaded = daemon::load_config(options.config.request);
  for (const daemon::ConfigProblem& problem : loaded.problems)
    log_error(printable(daemon::to_string(problem)));
  if (!loaded.problems.empty()) return kBadConfig;
  return options.config.effective ? print_text(daemon::effective_config(loaded)) : kDone;
}

}  // namespace pktana::cli
