// SPDX-License-Identifier: Apache-2.0
// The loss ledger: every packet and every record is accounted for. Sums the numbers of all workers
// and of the sink and checks the identities of architecture.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/process_memory.h"
#include "engine/packet_hold.h"
#include "engine/worker.h"
#include "sink/packet_file_options.h"
#include "sink/sink.h"
#include "sink/stats_record.h"

namespace pktana::engine {

struct Ledger {
  std::optional<ring::RingStatistics> kernel;  ///< none: a file; its losses before us are unknown
  std::vector<ring::SourceStatistics> sources = {};  ///< the kernel's, by interface
  std::optional<double> ring_fill = {};  ///< of the fullest ring, 0 to 1; none: no ring is read
  PacketTotals packets;
  flow::ShardTotals flows;
  uint64_t live_flows = 0;
  uint64_t live_packets = 0;
  std::optional<app::AppTotals> app;  ///< none: the run has no application layer
  sink::SinkTotals sink;
  std::optional<PacketHoldTotals> hold;               ///< none: packets are not held
  std::optional<sink::PacketFileTotals> packet_file;  ///< none: packets are not written
  uint64_t records_filtered_out = 0;                  ///< by RunOptions::where
  uint64_t records_resent = 0;   ///< those of a process before us that it had perhaps not written
  bool has_sink = false;         ///< without one the records are counted only
  uint64_t tunnel_layers = 0;    ///< in the encapsulation table
  uint64_t tunnels_refused = 0;  ///< lists of layers that found no room there
  std::optional<base::ProcessMemory> memory = {};  ///< none: not asked for, or unknown
  int64_t first_packet_ns = 0;                     ///< 0 = no packet
  int64_t last_packet_ns = 0;
  bool final = false;  ///< the run is over: nothing is on its way any more

  void add(const WorkerSnapshot& worker) noexcept;

  /// The identities, each with its parts and whether it holds.
  [[nodiscard]] std::vector<sink::LedgerLine> lines() const;

  [[nodiscard]] sink::StatsRecord to_stats(int64_t time_ns, int64_t uptime_ns) const;
};

/// One sentence for each line that does not balance, naming the line, both sides and the
/// difference.
[[nodiscard]] std::vector<std::string> imbalances(std::span<const sink::LedgerLine> lines);

}  // namespace pktana::engine
