// SPDX-License-Identifier: Apache-2.0
// Readers of the configuration's values that are lists or addresses. Used by the key table.
#pragma once

#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/config_value.h"

namespace pktana::daemon {

/// At least one name, each once, "any" alone.
[[nodiscard]] base::Result<void> check_interfaces(const std::vector<std::string>& names);

/// "vxlan=4789,8472": ports in place of the type's usual ones.
[[nodiscard]] base::Result<void> read_tunnel_ports(const ConfigValue& value,
                                                   parse::TunnelPorts& out);

[[nodiscard]] base::Result<void> read_key_ignore(const ConfigValue& value, flow::KeyOptions& out);

/// Which events the output takes: these and no others.
[[nodiscard]] base::Result<void> read_events(const ConfigValue& value, OutputConfig& out);

/// As listen_address.h has it, or empty.
[[nodiscard]] base::Result<void> read_listen(const ConfigValue& value, std::string& out);

}  // namespace pktana::daemon
