// SPDX-License-Identifier: Apache-2.0
// Starts the sink's threads: named, and with no signal delivered to them.
#pragma once

#include <functional>
#include <thread>

#include "base/result.h"

namespace pktana::sink {

/// Signals are for the main thread; SIGPIPE is blocked too, so that write(2) says EPIPE.
/// @param name  at most 15 bytes.
[[nodiscard]] base::Result<std::thread> start_quiet_thread(const char* name,
                                                           std::function<void()> run);

}  // namespace pktana::sink
