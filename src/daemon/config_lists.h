// SPDX-License-Identifier: Apache-2.0
// Readers of the configuration's values that are lists or addresses. Used by the key table.
#pragma once

#include <span>
#include <string>
#include <string_view>
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

/// Which events the output takes: these and no others. A name that no dissector of ours has may be
/// a plugin's: check_config() and Plugins::load() look at those.
[[nodiscard]] base::Result<void> read_events(const ConfigValue& value, OutputConfig& out);

/// What is wrong with an event that there is not; `events` are those of the dissectors.
[[nodiscard]] base::Error no_such_event(const std::string& name,
                                        std::span<const std::string_view> events);

/// As listen_address.h has it, or empty.
[[nodiscard]] base::Result<void> read_listen(const ConfigValue& value, std::string& out);

}  // namespace pktana::daemon
