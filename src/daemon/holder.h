// SPDX-License-Identifier: Apache-2.0
// `pktana hold`: what systemd's fd store does, for systems without systemd. Runs a command, keeps
// the descriptors that it gives away, starts it again when it dies, and hands them back.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace pktana::daemon {

/// Runs `command` until it ends by itself with status 0, 2 or 78, or until SIGTERM or SIGINT, which
/// go on to it, as SIGHUP and SIGUSR1 do. SIGUSR2 has it end and start again. What it says goes on
/// to our own service manager, if there is one. When we are killed, it gets SIGTERM, unless the
/// program has file capabilities: the kernel forgets the wish then.
/// @return its last exit status; 128 + the number of the signal that killed it.
[[nodiscard]] base::Result<int> hold(const std::vector<std::string>& command);

}  // namespace pktana::daemon
