// SPDX-License-Identifier: Apache-2.0
// The kernel's packet and byte counters of the interfaces of this network namespace, for rates.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pktana::ring {

struct InterfaceCounters {
  uint64_t rx_packets = 0;
  uint64_t rx_bytes = 0;
  uint64_t rx_drops = 0;
  uint64_t tx_packets = 0;
  uint64_t tx_bytes = 0;
};

using CountersByName = std::map<std::string, InterfaceCounters, std::less<>>;

/// Counters as of now, by name. Needs no right.
[[nodiscard]] base::Result<CountersByName> read_interface_counters();

/// The text of /proc/net/dev; lines that are none of an interface are left out.
[[nodiscard]] CountersByName parse_interface_counters(std::string_view text);

}  // namespace pktana::ring
