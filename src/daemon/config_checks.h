// SPDX-License-Identifier: Apache-2.0
// What no key can see alone: values that don't go together, paths that several instances share.
#pragma once

#include <string>
#include <vector>

#include "daemon/config.h"

namespace pktana::daemon {

struct ConfigCheck {
  std::string key;  ///< the one to blame, as "output.path"
  size_t output = 0;
  std::string text;
};

[[nodiscard]] std::vector<ConfigCheck> check_config(const Config& config);

/// Gives each path a directory of the instance's name: before the last part of files and sockets,
/// below the state directory. Nothing if the name is empty.
void put_instance(Config& config, const std::string& instance);

}  // namespace pktana::daemon
