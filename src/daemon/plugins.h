// SPDX-License-Identifier: Apache-2.0
// The plugins of the daemon: loaded before it gives up its rights, guarded from then on; what they
// do wrong is said once and counted.
#pragma once

#include <memory>
#include <vector>

#include "app/call_guard.h"
#include "app/plugin_set.h"
#include "app/registry.h"
#include "base/result.h"
#include "daemon/config.h"
#include "daemon/control_target.h"
#include "daemon/daemon_log.h"

namespace pktana::daemon {

class Plugins {
 public:
  /// Loads and starts what [plugins] names, and checks the events that outputs want against what
  /// there is.
  /// @return null if it names none.
  [[nodiscard]] static base::Result<std::unique_ptr<Plugins>> load(const Config& config);

  /// Before the workers start, behind the sandbox: begins a thread.
  void arm() { app::CallGuard::install(); }

  /// The dissectors that come with pktana and those of the plugins.
  [[nodiscard]] const app::Registry& registry() const noexcept { return registry_; }
  [[nodiscard]] std::vector<PluginFacts> facts() const;
  /// Says which have been switched off since it was asked last.
  void report(DaemonLog& log);

 private:
  Plugins() = default;

  app::Registry registry_ = app::Registry::with_builtin();
  app::PluginSet set_;
  std::vector<bool> reported_;  ///< of each plugin
};

}  // namespace pktana::daemon
