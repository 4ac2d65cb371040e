// SPDX-License-Identifier: Apache-2.0
// The texts of the options about tunnels: --tunnel-port and --key-ignore.
#pragma once

#include <string>

#include "base/result.h"
#include "flow/flow_key.h"
#include "parse/tunnel.h"

namespace pktana::engine {

/// Reads "vxlan=4789,8472": these ports, and no others, are looked at for this kind of tunnel;
/// "vxlan=" for none. A port that another kind had is taken from it. `ports` is untouched on
/// failure, as below.
[[nodiscard]] base::Result<void> read_tunnel_port(const std::string& text,
                                                  parse::TunnelPorts& ports);

/// Reads "vlan,tunnel": what does not part flows.
[[nodiscard]] base::Result<void> read_key_ignore(const std::string& text, flow::KeyOptions& key);

}  // namespace pktana::engine
