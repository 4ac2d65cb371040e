// SPDX-License-Identifier: Apache-2.0
// What file runs and live runs share: options of the workers, the sink with its producers, the end
// of a run.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/app_layer.h"
#include "base/name_table.h"
#include "engine/observer_list.h"
#include "engine/packet_saver.h"
#include "engine/record_filter.h"
#include "engine/run.h"
#include "engine/worker.h"

namespace pktana::engine {

/// The sink and the workers that feed it. Destruction order matters: workers hold producers of the
/// sink.
struct RunParts {
  base::NameTable names;
  std::unique_ptr<flow::EncapsulationTable> encapsulations;  ///< null: no flows are tracked
  std::unique_ptr<sink::Sink> sink;
  std::vector<std::unique_ptr<flow::RecordHandoff>> producers;
  std::unique_ptr<sink::PacketFile> packet_file;  ///< none: packets are not written
  std::unique_ptr<PacketSaver> saver;             ///< of packet_file, unless there is a hold
  std::unique_ptr<FileTaker> file_taker;          ///< likewise, behind the hold
  std::unique_ptr<PacketHold> hold;               ///< null: packets tell nothing of their flow
  std::vector<std::unique_ptr<HoldTap>> taps;     ///< of the hold, one per worker
  ObserverList observers;
  std::vector<std::unique_ptr<WorkerKeeper>> keepers;  ///< one per worker, or none
  uint64_t records_resent = 0;  ///< of a process before us, that had perhaps not written them
  std::vector<const RecordFilter*> record_filters;  ///< those among the producers
  std::vector<std::unique_ptr<filter::FilterSet>>
      filters;                              ///< one per worker, empty without a user-space filter
  std::optional<app::Registry> dissectors;  ///< unless the options name one
  /// Of flows to come. Live, workers share them: any may get the flow. Over files, where one worker
  /// has all flows between two hosts, each has its own, which no other's time can make forget.
  std::vector<std::unique_ptr<app::Expectations>> expectations;
  std::vector<std::unique_ptr<app::AppLayer>> app_layers;  ///< one per worker, or none
  std::vector<std::unique_ptr<Worker>> workers;
  int64_t began_ns = 0;  ///< monotonic
};

/// Somebody must see packets one by one, in order: then there can be one worker only.
[[nodiscard]] inline bool wants_order(const RunOptions& options) noexcept {
  return options.observer != nullptr || options.save.has_value() || options.taker != nullptr;
}

/// Nobody takes what the run makes any more: its outputs have failed for good, or all files that
/// were asked for are full.
[[nodiscard]] bool is_in_vain(const RunParts& parts) noexcept;

/// Room in the table of one of `workers` workers that share `max_flows`: its part, and as much more
/// as a division by hash is uneven, so that no worker's table is full where one for all would not
/// be. Six standard deviations: 0.9 % for two workers and a million. `by_hosts`: all flows between
/// two hosts are one worker's, which is less even: at least a quarter more. Never above
/// `max_flows`.
[[nodiscard]] uint32_t flows_of_worker(uint32_t max_flows, unsigned workers,
                                       bool by_hosts) noexcept;

/// Starts the sink and makes `options.threads` workers. `shared_stream`: all workers see all
/// packets.
[[nodiscard]] base::Result<std::unique_ptr<RunParts>> make_parts(const RunOptions& options,
                                                                 bool shared_stream,
                                                                 bool filter_in_user_space);

/// Sum over all workers and the sink as of now.
[[nodiscard]] Ledger collect(RunParts& parts);

/// After the workers have finished: waits for the sink, writes the last stats event, closes the
/// outputs.
/// @param live the stats event carries the time of writing; otherwise that of the last packet.
/// @param over  nothing is left: the ledger's sums are final.
[[nodiscard]] RunReport conclude(RunParts& parts, bool live, bool over = true);

}  // namespace pktana::engine
