// SPDX-License-Identifier: Apache-2.0
// What a loaded plugin has done and done wrong. Workers write, the control thread reads.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace pktana::app {

/// Threads: any. Relaxed: counters order nothing, and a plugin that is switched off a call later
/// than could be does no harm.
struct PluginCounters {
  std::string name;  ///< set before the workers start
  std::string file;
  std::atomic<uint64_t> calls{0};
  std::atomic<uint64_t> overruns{0};  ///< calls of it that were broken off: too long
  std::atomic<uint64_t> crashes{0};   ///< calls of it that were broken off: a fault
  std::atomic<bool> off{false};       ///< never called again
};

/// What is to be said, once, of a plugin that is off: which, why, and what to do.
[[nodiscard]] std::string switched_off_text(const PluginCounters& counters);

}  // namespace pktana::app
