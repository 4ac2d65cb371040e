// SPDX-License-Identifier: Apache-2.0
// Keeps what a worker knows in memory that outlives the process (files without a name, held by a
// descriptor), so that the next process goes on as if nothing had happened: where the rings were
// read, the live flows, and the records that may not have been written yet.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/mapping.h"
#include "base/result.h"
#include "base/state_bytes.h"
#include "engine/kept_state.h"
#include "flow/flow_shard.h"
#include "flow/record_handoff.h"
#include "ring/ring_source.h"

namespace pktana::engine {

struct KeepOptions {
  bool wanted = false;
  /// Somebody holds the rings and our files when we are gone: nothing that is not committed leaves
  /// the process. Else a commit is a copy of the live flows, and no more.
  bool exact = false;
  int64_t interval_ns = 0;  ///< between commits
  /// What the rings were made with: the next process goes on with rings of its own setup only.
  std::string setup = {};
};

/// One worker's. Exact: between two commits the records are held back, and the blocks of the rings
/// stay ours. A commit puts all that has become of them into one of two files by turns; only then
/// the records go on and the blocks go back. A process that is killed at any moment leaves a whole
/// commit, and the packets since then still lie in the rings.
class WorkerKeeper final : public flow::RecordHandoff {
 public:
  static constexpr size_t kMostRecords = 32768;  ///< that are kept until they are surely written

  /// @param next where records go when they are committed.
  [[nodiscard]] static base::Result<std::unique_ptr<WorkerKeeper>> create(
      const KeepOptions& options, flow::RecordHandoff& next);

  /// Before the worker starts. Lifetime: the source must outlive the worker's run.
  /// @param names of the interfaces, by source id.
  void set_source(ring::RingSource& source, std::vector<std::string> names);
  /// The ring's counts are kept up to date between commits too. Before the source has it.
  void keep_counts(ring::PacketRing& ring) noexcept;

  /// Of a worker: the shard hands over here.
  void hand_over(std::span<const flow::FlowRecord> records) noexcept override;

  /// Between two batches: whether it is time to commit, and possible. Something must have happened
  /// and the last commit be an interval ago, or the rings be half full with what is not committed.
  [[nodiscard]] bool is_due() const noexcept;
  [[nodiscard]] bool can_commit() const noexcept { return source_->is_between_blocks(); }
  /// The shard must have been flushed. No block is lent out any more.
  void commit(const flow::FlowShard& shard);

  /// Any thread. The records of commits up to `epoch` are written.
  void acknowledge(uint64_t epoch) noexcept {
    acknowledged_.store(epoch, std::memory_order_relaxed);
  }
  /// Any thread. The last commit whose records have gone on.
  [[nodiscard]] uint64_t handed_epoch() const noexcept {
    return handed_.load(std::memory_order_acquire);
  }

  /// Whoever is to hold them: two for commits, one for the rings' counts.
  [[nodiscard]] const std::array<base::Fd, kKeptFiles>& files() const noexcept { return files_; }
  /// Commits begin behind this one, that of the process before us.
  void begin_after(uint64_t epoch) noexcept { epoch_ = epoch; }

 private:
  struct Kept {
    uint64_t epoch;
    flow::FlowRecord record;
  };

  WorkerKeeper(const KeepOptions& options, flow::RecordHandoff& next)
      : options_(options), next_(next) {}
  void write(const flow::FlowShard& shard);
  void release_records();

  const KeepOptions options_;
  flow::RecordHandoff& next_;
  ring::RingSource* source_ = nullptr;
  std::vector<std::string> names_;
  std::array<base::Fd, kKeptFiles> files_;
  base::Mapping counts_;  ///< of the third file: RingStatistics
  uint32_t counts_used_ = 0;
  std::vector<flow::FlowRecord> held_;  ///< since the last commit
  std::deque<Kept> kept_;               ///< gone on, not yet acknowledged
  base::StateWriter writer_;
  uint64_t epoch_ = 0;
  int64_t committed_ns_ = 0;  ///< monotonic
  int64_t cost_ns_ = 0;       ///< of the last commit
  uint64_t delivered_ = 0;    ///< packets by the last commit
  std::atomic<uint64_t> acknowledged_{0};
  std::atomic<uint64_t> handed_{0};
};

}  // namespace pktana::engine
