// SPDX-License-Identifier: Apache-2.0
#include "daemon/reload.h"

#include <algorithm>

namespace pktana::daemon {
namespace {

void add_once(std::vector<std::string>& list, std::string path) {
  if (std::find(list.begin(), list.end(), path) == list.end()) list.push_back(std::move(path));
}

}  // namespace

ConfigChange compare(const LoadedConfig& before, const LoadedConfig& after) {
  ConfigChange change;
  if (before.config.outputs.size() != after.config.outputs.size())
    add_once(change.restart, "output");
  for (const ConfigSetting& now : after.settings)
    for (const ConfigSetting& then : before.settings) {
      if (now.key != then.key || now.output != then.output || now.value == then.value) continue;
      add_once(now.key->live ? change.live : change.restart, path_of(*now.key));
    }
  return change;
}

}  // namespace pktana::daemon
