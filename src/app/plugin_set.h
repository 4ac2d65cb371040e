// SPDX-License-Identifier: Apache-2.0
// The plugins of a run: loaded from shared objects, checked, started, their dissectors registered.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/plugin_counters.h"
#include "app/registry.h"
#include "base/result.h"

namespace pktana::app {

struct PluginFile {
  std::string path;
  std::string config = {};  ///< handed to the plugin's start()
};

/// Stopped in reverse order when it goes; must outlive the workers. The objects stay mapped: names
/// that they gave live on in records.
class PluginSet {
 public:
  PluginSet() = default;
  PluginSet(PluginSet&&) noexcept = default;
  PluginSet& operator=(PluginSet&&) = delete;
  ~PluginSet();

  /// What an Error of load() calls its operation.
  static constexpr const char* kLoadOperation = "load plugin";

  /// Loads the file, checks the ABI, starts the plugin and adds its dissectors.
  /// CallGuard::install() must be called before one of these is.
  /// @return an error that names file, reason and mend; then nothing of it is in the registry.
  [[nodiscard]] base::Result<void> load(const PluginFile& file, Registry& registry);

  /// The *.so files of a directory, by name.
  [[nodiscard]] static base::Result<std::vector<PluginFile>> in_directory(const std::string& path);

  [[nodiscard]] const std::vector<std::unique_ptr<PluginCounters>>& counters() const noexcept {
    return counters_;
  }

 private:
  std::vector<std::unique_ptr<PluginCounters>> counters_;  ///< of each plugin, in order
  std::vector<const pktana_plugin*> started_;
};

}  // namespace pktana::app
