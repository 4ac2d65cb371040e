// SPDX-License-Identifier: Apache-2.0
// The subcommands, each in a file of its own. They return the exit status.
#pragma once

#include "cli/exit_status.h"
#include "cli/options.h"

namespace pktana::cli {

[[nodiscard]] ExitStatus run_capture(const Options& options);
[[nodiscard]] ExitStatus run_read(const Options& options);
[[nodiscard]] ExitStatus run_fields(const Options& options);
[[nodiscard]] ExitStatus run_interfaces(const Options& options);
[[nodiscard]] ExitStatus run_inspect(const Options& options);
[[nodiscard]] ExitStatus run_query(const Options& options);
[[nodiscard]] ExitStatus run_verify(const Options& options);
[[nodiscard]] ExitStatus run_top(const Options& options);
[[nodiscard]] ExitStatus run_ctl(const Options& options);
[[nodiscard]] ExitStatus run_daemon(const Options& options);
[[nodiscard]] ExitStatus run_hold(const Options& options);
[[nodiscard]] ExitStatus run_check_config(const Options& options);
[[nodiscard]] ExitStatus run_doctor(const Options& options);
[[nodiscard]] ExitStatus run_version(const Options& options);

}  // namespace pktana::cli
