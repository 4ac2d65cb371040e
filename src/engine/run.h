// SPDX-License-Identifier: Apache-2.0
// A whole run, from sources to sink: the engine's face to the command line, the daemon and the
// library.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/registry.h"
#include "app/wanted_events.h"
#include "base/result.h"
#include "engine/ledger.h"
#include "engine/packet_hold.h"
#include "engine/packet_observer.h"
#include "engine/record_watcher.h"
#include "engine/worker_keeper.h"
#include "filter/expression.h"
#include "flow/flow_key.h"
#include "flow/flow_shard.h"
#include "sink/packet_file_options.h"
#include "sink/sink.h"

namespace pktana::engine {

/// Which flow a tunnelled packet counts in.
enum class TunnelFlows : uint8_t {
  Inner,  ///< the innermost; the layers around it are on the record
  Outer,  ///< the outermost: tunnels are not opened
  Both,   ///< the innermost and the outermost; the ledger says how many frames count twice
};

/// The application layer of a run.
struct AppChoice {
  bool enabled = true;  ///< false: no dissector runs, and flows have no app_proto
  /// Must outlive the run; null = the dissectors that come with pktana.
  const app::Registry* registry = nullptr;
  app::WantedEvents wanted = {};  ///< others are not made
};

struct RunOptions {
  unsigned threads = 1;
  flow::ShardOptions shard;  ///< max_flows is that of the run: the workers share it out
  flow::KeyOptions key;
  TunnelFlows tunnels = TunnelFlows::Inner;
  parse::TunnelPorts tunnel_ports;  ///< UDP ports on which tunnels are looked for
  bool track_flows = true;
  AppChoice app = {.enabled = false};
  uint64_t packet_limit = 0;  ///< 0 = none; a live run with a limit has one worker
  uint32_t snaplen = 262144;  ///< live: bytes kept of a packet
  std::string filter;         ///< pcap syntax; empty = none
  /// Records that it does not match are counted, not written. Must outlive the run; null = all.
  const filter::Expression* where = nullptr;
  /// Sees the records that match, if there are no outputs. Must outlive the run.
  RecordWatcher* watcher = nullptr;
  PacketObserver* observer = nullptr;  ///< needs threads = 1
  bool merge = false;                  ///< files: one stream in time order, all open at once
  sink::SinkOptions sink;              ///< outputs empty: records are counted, not written
  KeepOptions keep = {};               ///< live: state for the next process
  /// Write the packets that pass the filter, in the order of capture: one worker. With `where`
  /// only those of flows that match.
  std::optional<sink::PacketFileOptions> save = {};
  uint64_t hold_bytes = PacketHoldOptions::kUsualBytes;  ///< see PacketHoldOptions
  int64_t hold_ns = 0;
  /// Takes the packets of flows instead of `save`, each with what label_of() said of its flow;
  /// needs threads = 1. Must outlive the run.
  PacketTaker* taker = nullptr;
};

/// Live runs only.
struct LiveOptions {
  std::vector<std::string> interfaces;  ///< names, or "any" alone
  bool promiscuous = true;
  bool ignore_outgoing = false;
  /// Worker N stays on the N-th of the CPUs that the process may use.
  bool pin_workers = false;
  uint64_t ring_bytes = 64U << 20;  ///< per worker and interface
  int64_t stats_interval_ns = 0;    ///< 0 = one stats event at the end
  /// Of a LiveSession only: rings are made by attach(), so an interface may be missing at first or
  /// go and come back.
  bool wait_for_interfaces = false;
  /// A ring must bear that nobody reads it while one process follows another. The kernel closes a
  /// block, however empty, after its time: many small blocks that live long hold seconds of
  /// traffic.
  bool outlasts_restarts = false;
  /// Each worker's thread calls it first.
  std::function<void()> on_worker_start = {};
  /// Told of each ring that attach() or adopt() makes: interface, worker, descriptor.
  std::function<void(size_t, size_t, int)> on_ring = {};
  std::function<void()> on_ready;  ///< called once when packets are being taken
};

/// How far a run over files is; written by it, read by a progress bar. Bytes are those of the files
/// on disk.
struct Progress {
  std::atomic<uint64_t> bytes_done{0};
  std::atomic<uint64_t> bytes_total{0};  ///< 0 = unknown (stdin)
  std::atomic<uint64_t> packets{0};
};

struct RunReport {
  Ledger ledger;
  int64_t elapsed_ns = 0;
  std::vector<base::Error> input_errors;  ///< a file cut short or broken, an interface that failed
  std::optional<base::Error> output_error;  ///< the first one
};

/// Reads the files through one flow table: one after another, or merged by time. An unreadable file
/// is an input error; the rest is read.
/// @param stop set from anywhere (a signal handler) to end early; flows then end as usual.
[[nodiscard]] base::Result<RunReport> run_files(const std::vector<std::string>& paths,
                                                RunOptions options, const std::atomic<bool>& stop,
                                                Progress* progress = nullptr);

/// Captures until `stop` or the packet limit, then drains the rings.
[[nodiscard]] base::Result<RunReport> run_live(const LiveOptions& live, RunOptions options,
                                               const std::atomic<bool>& stop);

}  // namespace pktana::engine
