// SPDX-License-Identifier: Apache-2.0
#include "daemon/plugins.h"

#include <algorithm>
#include <string_view>

#include "daemon/config_lists.h"

namespace pktana::daemon {
namespace {

base::Result<std::vector<app::PluginFile>> files_of(const PluginsConfig& config) {
  std::vector<app::PluginFile> files;
  if (!config.directory.empty()) {
    auto found = app::PluginSet::in_directory(config.directory);
    if (!found) return base::Unexpected(found.error());
    files = std::move(*found);
  }
  for (const std::string& path : config.files)
    files.push_back({.path = path});
  return files;
}

base::Result<void> check_events(const Config& config, const app::Registry& registry) {
  const std::vector<std::string_view> known = registry.event_names();
  for (const OutputConfig& output : config.outputs)
    for (const std::string& name : output.plugin_events)
      if (std::find(known.begin(), known.end(), name) == known.end())
        return base::fail_input(app::PluginSet::kLoadOperation,
                                "output.events: " + no_such_event(name, known).detail);
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Plugins>> Plugins::load(const Config& config) {
  const auto files = files_of(config.plugins);
  if (!files) return base::Unexpected(files.error());
  if (files->empty()) return std::unique_ptr<Plugins>();
  std::unique_ptr<Plugins> plugins(new Plugins());
  app::CallGuard::set_budget(config.plugins.time_budget_ns);
  for (const app::PluginFile& file : *files)
    if (auto loaded = plugins->set_.load(file, plugins->registry_); !loaded)
      return base::Unexpected(loaded.error());
  if (auto good = check_events(config, plugins->registry_); !good)
    return base::Unexpected(good.error());
  plugins->reported_.resize(files->size());
  return plugins;
}

std::vector<PluginFacts> Plugins::facts() const {
  std::vector<PluginFacts> facts;
  for (const auto& one : set_.counters())
    facts.push_back({.name = one->name,
                     .file = one->file,
                     .calls = one->calls.load(std::memory_order_relaxed),
                     .overruns = one->overruns.load(std::memory_order_relaxed),
                     .faults = one->crashes.load(std::memory_order_relaxed),
                     .off = one->off.load(std::memory_order_relaxed)});
  return facts;
}

void Plugins::report(DaemonLog& log) {
  for (size_t i = 0; i < reported_.size(); ++i) {
    const app::PluginCounters& one = *set_.counters()[i];
    if (reported_[i] || !one.off.load(std::memory_order_relaxed)) continue;
    reported_[i] = true;
    log.error(app::switched_off_text(one));
  }
}

}  // namespace pktana::daemon
