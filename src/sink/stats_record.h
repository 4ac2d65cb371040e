// SPDX-License-Identifier: Apache-2.0
// A stats event as plain data: the capture's counters and the ledger, filled by the engine,
// formatted by the writers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pktana::sink {

/// A counter and the name that it has in the output.
struct NamedCount {
  std::string name;
  uint64_t value = 0;
};

/// Counters that belong together.
struct NamedGroup {
  std::string name;
  std::vector<NamedCount> counts;
};

/// One identity of the ledger (architecture.md): total = sum of the parts. `total` without a value
/// is unknown (a file has no kernel counters) and written as null, and the identity is then not
/// judged.
struct LedgerLine {
  std::string name;        ///< "kernel", "parse", "flow", "packets", "sink"
  std::string total_name;  ///< "packets_seen"
  std::optional<uint64_t> total;
  std::vector<NamedCount> parts;  ///< "captured", "ring_drops"
  bool balanced = true;
};

struct StatsRecord {
  int64_t time_ns = 0;                     ///< when the numbers were taken, ns since the epoch
  int64_t uptime_ns = 0;                   ///< since the run began
  std::optional<uint64_t> kernel_packets;  ///< unknown for files
  std::optional<uint64_t> kernel_drops;
  std::vector<NamedCount>
      decoder;  ///< EVE's stats.decoder.*: pkts, bytes, ipv4, ipv6, tcp, udp, vlan, ...
  std::vector<NamedCount>
      flow;                     ///< EVE's stats.flow.*: total, tcp, udp, icmpv4, icmpv6, active ...
  std::vector<NamedGroup> own;  ///< what EVE has no place for: goes into the object `pktana`
  std::vector<LedgerLine> ledger;
};

}  // namespace pktana::sink
