// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_set.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <dlfcn.h>

namespace pktana::app {
namespace {

constexpr const char* kLoad = PluginSet::kLoadOperation;
constexpr size_t kMaxPluginDissectors = 64;

using Entry = const pktana_plugin* (*)();

base::Result<const pktana_plugin*> open(const std::string& path) {
  // A name without a slash would be searched for in the system's library folders.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  void* object = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) return base::fail_input(kLoad, dlerror());
  void* symbol = dlsym(object, "pktana_plugin_entry");
  if (symbol == nullptr)
    return base::fail_input(kLoad, path + ": it exports no pktana_plugin_entry: not a plugin");
  const pktana_plugin* plugin = reinterpret_cast<Entry>(symbol)();
  if (plugin == nullptr)
    return base::fail_input(kLoad, path + ": pktana_plugin_entry returned nothing");
  if (plugin->abi != PKTANA_PLUGIN_ABI)
    return base::fail_input(kLoad, path + ": it was built for plugin ABI " +
                                       std::to_string(plugin->abi) + ", this pktana has " +
                                       std::to_string(PKTANA_PLUGIN_ABI) +
                                       ": build it with this pktana's pktana/plugin.h");
  if (plugin->size < sizeof(pktana_plugin) || plugin->name == nullptr || *plugin->name == '\0' ||
      plugin->dissectors == nullptr)
    return base::fail_input(kLoad, path + ": its pktana_plugin lacks size, name or dissectors");
  return plugin;
}

base::Result<void> start(const pktana_plugin& plugin, const PluginFile& file) {
  if (plugin.start == nullptr) return {};
  std::array<char, 256> error{};
  if (plugin.start(file.config.c_str(), error.data(), error.size()) != 0) return {};
  error.back() = '\0';
  return base::fail_input(kLoad, file.path + ": it did not start: " + error.data());
}

}  // namespace

PluginSet::~PluginSet() {
  for (auto plugin = started_.rbegin(); plugin != started_.rend(); ++plugin)
    if ((*plugin)->stop != nullptr) (*plugin)->stop();
}

base::Result<void> PluginSet::load(const PluginFile& file, Registry& registry) {
  auto plugin = open(file.path);
  if (!plugin) return base::Unexpected(plugin.error());
  auto counters = std::make_unique<PluginCounters>();
  counters->name = (*plugin)->name;
  counters->file = file.path;
  Registry changed = registry;
  size_t count = 0;
  for (auto one = (*plugin)->dissectors; *one != nullptr; ++one) {
    if (++count > kMaxPluginDissectors)
      return base::fail_input(kLoad, file.path + ": its list of dissectors does not end");
    if (auto added = changed.add(**one, counters.get()); !added)
      return base::fail_input(kLoad, file.path + ": " + added.error().detail);
  }
  if (auto started = start(**plugin, file); !started) return started;
  started_.push_back(*plugin);
  counters_.push_back(std::move(counters));
  registry = std::move(changed);
  return {};
}

std::string switched_off_text(const PluginCounters& counters) {
  const uint64_t crashes = counters.crashes.load(std::memory_order_relaxed);
  const std::string why = crashes > 0
                              ? "it crashed"
                              : std::to_string(counters.overruns.load(std::memory_order_relaxed)) +
                                    " of its calls took too long";
  return "plugin " + counters.name + " (" + counters.file + ") is switched off: " + why +
         "; the capture goes on without it, a restart tries it again";
}

base::Result<std::vector<PluginFile>> PluginSet::in_directory(const std::string& path) {
  std::error_code error;
  std::vector<PluginFile> files;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".so") files.push_back({.path = at->path().string()});
  if (error) return base::Unexpected(base::Error{error, "read plugin directory", path});
  std::sort(files.begin(), files.end(),
            [](const PluginFile& a, const PluginFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace pktana::app
