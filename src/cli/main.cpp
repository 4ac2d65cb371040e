// SPDX-License-Identifier: Apache-2.0
// The program: command line, then the command that it names.
#include <unistd.h>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "cli/standard_streams.h"
#include "cli/stop_signal.h"

namespace {

using namespace pktana::cli;

ExitStatus run(const Options& options) {
  switch (options.command) {
    case Command::Help:
      return print_text(options.help_text);
    case Command::Version:
      return run_version(options);
    case Command::Capture:
      return run_capture(options);
    case Command::Read:
      return run_read(options);
    case Command::Fields:
      return run_fields(options);
    case Command::Interfaces:
      return run_interfaces(options);
    case Command::Inspect:
      return run_inspect(options);
    case Command::Query:
      return run_query(options);
    case Command::Top:
      return run_top(options);
    case Command::Ctl:
      return run_ctl(options);
    case Command::Verify:
      return run_verify(options);
    case Command::Doctor:
      return run_doctor(options);
    case Command::Daemon:
      return run_daemon(options);
    case Command::Hold:
      return run_hold(options);
    case Command::CheckConfig:
      return run_check_config(options);
    case Command::Complete:
      return run_complete(options);
    case Command::Completions:
      return run_completions(options);
  }
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  take_signals();
  start_log(use_color(ColorChoice::Auto, STDERR_FILENO));
  const auto options = parse_command_line({argv + (argc > 0 ? 1 : 0), argv + argc});
  if (!options) {
    log_error(options.error());
    return kUsage;
  }
  start_log(use_color(options->color, STDERR_FILENO));
  for (const std::string& warning : options->warnings)
    log_warning(warning);
  return run(*options);
}
