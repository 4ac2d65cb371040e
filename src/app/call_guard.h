// SPDX-License-Identifier: Apache-2.0
// Runs the calls of loaded plugins so that one that loops or faults loses the call, not the
// capture: a watchdog thread breaks off what takes too long, a fault of the plugin's own code is
// caught. What the plugin held at that moment (memory, a lock of its own) is lost with the call.
// Not for built-in dissectors.
#pragma once

#include <cstdint>

namespace pktana::app {

struct PluginCounters;

/// How a guarded call ended.
enum class CallEnd : uint8_t {
  Returned,
  Overran,  ///< broken off after CallGuard::kHardLimitBudgets
  Faulted,  ///< SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT within it
};

/// What is called: all results go through `data`. Must not hold anything that needs a destructor.
using GuardedFunction = void (*)(void* data);

class CallGuard {
 public:
  /// What a call may take; one that lasts longer and returns is an overrun.
  static constexpr int64_t kDefaultBudgetNs = 5'000'000;
  /// A call that lasts so many budgets is broken off, and an overrun, too.
  static constexpr int64_t kHardLimitBudgets = 20;
  /// A plugin with so many overruns is switched off; one fault is enough.
  static constexpr uint64_t kMaxOverruns = 10;

  /// Signal handlers of the process, and the watchdog thread: before the first guarded call. Again:
  /// the handlers once more, if somebody has put others in their place.
  static void install();
  /// For all plugins; before install().
  static void set_budget(int64_t wanted_ns) noexcept;

  /// Any thread, not within another guarded call. Counts in `counters`, and switches the plugin
  /// off.
  static CallEnd run(GuardedFunction function, void* data, PluginCounters& counters) noexcept;
};

/// Our own code within a plugin's call (the host functions): it is not broken off in the middle,
/// but when this goes out of scope.
class HostSection {
 public:
  HostSection() noexcept;
  ~HostSection() noexcept;
  HostSection(const HostSection&) = delete;
  HostSection& operator=(const HostSection&) = delete;
};

}  // namespace pktana::app
