// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM: the first asks the run to end in order, the second ends the process at once.
#pragma once

#include <atomic>

namespace pktana::cli {

/// Takes over SIGINT and SIGTERM and ignores SIGPIPE: a closed pipe is then an error of write().
/// Once per process.
void take_signals();

/// Set by the first signal, or by whoever wants the run to end.
[[nodiscard]] std::atomic<bool>& stop_wanted() noexcept;

/// It was a signal that set it.
[[nodiscard]] bool stopped_by_signal() noexcept;

}  // namespace pktana::cli
