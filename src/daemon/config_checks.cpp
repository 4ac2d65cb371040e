// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_checks.h"

#include <fmt/format.h>

#include "app/registry.h"
#include "base/clock.h"
#include "daemon/config_lists.h"
#include "daemon/listen_address.h"

namespace pktana::daemon {
namespace {

constexpr uint64_t kLeastRingBytes = uint64_t{256} << 10;  ///< two blocks of the smallest size
constexpr uint64_t kLeastFileBytes = uint64_t{64} << 10;
constexpr int64_t kLeastRotateNs = 100 * base::kNsPerMs;

using Checks = std::vector<ConfigCheck>;

/// The daemon's working directory is nobody's business.
void check_absolute(const std::string& path, const char* key, size_t output, Checks& found) {
  if (!path.empty() && path.front() != '/')
    found.push_back({key, output, "\"" + path + "\" is not a full path: begin it with '/'"});
}

void check_rotation(const OutputConfig& output, size_t index, Checks& found) {
  if (output.rotate_size_bytes != 0 && output.rotate_size_bytes < kLeastFileBytes)
    found.push_back({"output.rotate_size", index, "must be 0 or at least 64KiB"});
  if (output.rotate_interval_ns != 0 && output.rotate_interval_ns < kLeastRotateNs)
    found.push_back({"output.rotate_interval", index, "must be 0s or at least 100ms"});
}

/// With plugins it is known when they are loaded: Plugins::load().
void check_events(const Config& config, size_t index, Checks& found) {
  if (config.plugins.any()) return;
  const app::Registry dissectors = app::Registry::with_builtin();
  for (const std::string& name : config.outputs[index].plugin_events)
    found.push_back({"output.events", index, no_such_event(name, dissectors.event_names()).detail});
}

void check_output(const Config& config, size_t index, Checks& found) {
  const OutputConfig& output = config.outputs[index];
  check_events(config, index, found);
  if (output.type == OutputType::Stdout) return;
  if (output.path.empty()) found.push_back({"output.path", index, "is empty: where is it to go?"});
  check_absolute(output.path, "output.path", index, found);
  if (output.type == OutputType::File) check_rotation(output, index, found);
  for (size_t before = 0; before < index; ++before) {
    const OutputConfig& other = config.outputs[before];
    if (other.type != OutputType::Stdout && other.path == output.path)
      found.push_back({"output.path", index,
                       fmt::format("\"{}\" is also the path of output {}: give another",
                                   output.path, before + 1)});
  }
}

void check_plugins(const Config& config, Checks& found) {
  constexpr int64_t kLeastBudgetNs = base::kNsPerMs, kMostBudgetNs = base::kNsPerSecond;
  const PluginsConfig& plugins = config.plugins;
  check_absolute(plugins.directory, "plugins.directory", 0, found);
  for (const std::string& path : plugins.files)
    check_absolute(path, "plugins.files", 0, found);
  if (plugins.time_budget_ns < kLeastBudgetNs || plugins.time_budget_ns > kMostBudgetNs)
    found.push_back({"plugins.time_budget", 0, "must be from 1ms to 1s"});
  if (plugins.any() && !config.app.enabled)
    found.push_back({plugins.directory.empty() ? "plugins.files" : "plugins.directory", 0,
                     "has nothing to do with app.enabled = false: set that to true"});
}

void check_metrics(const MetricsConfig& metrics, Checks& found) {
  if (metrics.listen.empty() || metrics.allow_remote) return;
  const auto address = parse_listen_address(metrics.listen);
  if (address && !address->loopback)
    found.push_back({"metrics.listen", 0,
                     "\"" + metrics.listen +
                         "\" is not on loopback: let a proxy stand before it, or set "
                         "metrics.allow_remote = true, and everybody can ask"});
}

void insert_before_last(std::string& path, const std::string& name) {
  const size_t slash = path.rfind('/');
  if (slash != std::string::npos) path.insert(slash, "/" + name);
}

}  // namespace

Checks check_config(const Config& config) {
  Checks found;
  if (config.capture.ring_bytes < kLeastRingBytes)
    found.push_back({"capture.ring_size", 0, "must be at least 256KiB"});
  for (size_t i = 0; i < config.outputs.size(); ++i)
    check_output(config, i, found);
  check_absolute(config.api.socket, "api.socket", 0, found);
  check_absolute(config.log.file, "log.file", 0, found);
  check_absolute(config.state.directory, "state.directory", 0, found);
  for (const std::string& path : config.enrich.geoip)
    check_absolute(path, "enrich.geoip", 0, found);
  check_plugins(config, found);
  check_metrics(config.metrics, found);
  if (config.enrich.process && config.sandbox != SandboxMode::Off)
    found.push_back({"enrich.process", 0,
                     "needs to look into other processes, which the sandbox forbids: set "
                     "sandbox.mode = \"off\" too"});
  return found;
}

void put_instance(Config& config, const std::string& instance) {
  if (instance.empty()) return;
  for (OutputConfig& output : config.outputs)
    insert_before_last(output.path, instance);
  insert_before_last(config.api.socket, instance);
  insert_before_last(config.log.file, instance);
  if (!config.state.directory.empty()) config.state.directory += "/" + instance;
}

}  // namespace pktana::daemon
