// SPDX-License-Identifier: Apache-2.0
// A live run whose caller keeps the thread: opened, started, looked after, stopped. run_live() is
// one; the daemon's control loop is the other user, and it adds and removes interfaces meanwhile.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/flow_listing.h"
#include "engine/run.h"
#include "engine/run_support.h"
#include "ring/capture_group.h"

namespace pktana::engine {

/// One thread at a time, the one that controls.
class LiveSession {
 public:
  /// Opens outputs and rings; after it no capability is needed any more. No packet is counted
  /// before start(), but the rings fill.
  [[nodiscard]] static base::Result<std::unique_ptr<LiveSession>> open(const LiveOptions& live,
                                                                       RunOptions options);

  LiveSession(const LiveSession&) = delete;
  LiveSession& operator=(const LiveSession&) = delete;
  ~LiveSession();  ///< stop() and waits, if that was not done

  /// Starts the workers' threads.
  void start();

  /// Numbers of all workers and the sink. Waits for each worker at most about a poll timeout.
  [[nodiscard]] Ledger collect() { return engine::collect(*parts_); }
  /// Counts a stats event as of now among the records.
  void submit_stats();

  /// Begins a listing of the live flows, which the workers fill between their batches; the one
  /// before is given up. Fails with a mistake in the expression.
  [[nodiscard]] base::Result<std::unique_ptr<FlowListing>> list_flows(
      const ListingOptions& options);
  /// Of the run's NameTable; empty = none.
  [[nodiscard]] std::string_view source_name(uint16_t source_id) const {
    return parts_->names.at(source_id);
  }

  /// Times that each worker has asked its source for packets: one that stands still is stuck.
  [[nodiscard]] std::vector<uint64_t> beats() const;
  /// Some worker still runs.
  [[nodiscard]] bool is_running() const noexcept { return shared_.running.load() > 0; }
  /// Nobody takes what the run makes any more.
  [[nodiscard]] bool is_in_vain() const noexcept { return engine::is_in_vain(*parts_); }
  /// The sink, null if there are no outputs.
  [[nodiscard]] sink::Sink* sink() noexcept { return parts_->sink.get(); }
  [[nodiscard]] int64_t began_ns() const noexcept { return parts_->began_ns; }

  /// Makes rings for the interface with that number, which must be there. With
  /// LiveOptions::wait_for_interfaces only.
  /// @param interface index in LiveOptions::interfaces.
  [[nodiscard]] base::Result<void> attach(size_t interface);
  /// Goes on with the rings of a process before us, one per worker, instead of attach().
  struct FoundRing {
    base::Fd fd;
    ring::RingPosition at;
  };
  [[nodiscard]] base::Result<void> adopt(size_t interface, std::vector<FoundRing> rings);
  /// The interface is gone: what its rings hold still comes.
  void detach(size_t interface);
  /// Sockets for attach(), which needs CAP_NET_RAW when it has none left.
  void give_spares(std::vector<ring::PacketSocket> spares) { spares_ = std::move(spares); }
  [[nodiscard]] size_t spare_sockets() const noexcept { return spares_.size(); }

  /// With KeepOptions::wanted, before start(): a worker goes on with the flows of one before us,
  /// and with its records that `is_missing`. @return flows that came over.
  size_t restore(size_t worker, const KeptState& state,
                 const std::function<bool(const flow::FlowRecord&)>& is_flow_wanted,
                 const std::function<bool(const flow::FlowRecord&)>& is_missing);
  [[nodiscard]] size_t workers() const noexcept { return parts_->workers.size(); }
  /// Of a worker, null if nothing is kept.
  [[nodiscard]] WorkerKeeper* keeper(size_t worker) noexcept {
    return parts_->keepers.empty() ? nullptr : parts_->keepers[worker].get();
  }
  /// Tells the keepers which of their records are written. Now and then.
  void acknowledge();

  /// What becomes of the rings and the flows.
  enum class End : uint8_t {
    All,        ///< what is in the rings is taken, all flows end
    KeepFlows,  ///< what is in the rings is taken, the flows are in a last commit
    HandOver,   ///< the rings too are for the next process
  };
  /// The workers come to their end. The first call counts.
  void stop(End how = End::All) noexcept;
  /// After stop(): waits for the workers, writes all records and the last stats event.
  [[nodiscard]] RunReport finish();

 private:
  /// What the worker threads share.
  struct Shared {
    std::atomic<bool> stop{false};
    std::atomic<unsigned> running{0};
    std::atomic<End> end{End::All};
    std::mutex mutex;
    std::vector<base::Error> errors;  ///< guarded by mutex
  };

  LiveSession(const LiveOptions& live, RunOptions options)
      : live_(live), options_(std::move(options)) {}
  [[nodiscard]] base::Result<void> open_all_at_once();
  [[nodiscard]] base::Result<void> open_what_is_there();
  [[nodiscard]] ring::GroupOptions group_options() const;
  void tell_observers(const ring::CaptureGroup& group,
                      const std::vector<ring::CaptureInterface>& interfaces);
  [[nodiscard]] uint16_t source_id_of(const std::string& name);
  void add_ring(size_t interface, size_t worker, ring::PacketRing ring);
  void pin_worker(size_t index);
  void run_worker(size_t index);
  void join();

  const LiveOptions live_;
  RunOptions options_;
  Shared shared_;
  std::vector<ring::PacketSocket> spares_;
  std::unique_ptr<RunParts> parts_;
  std::vector<std::unique_ptr<ring::RingSource>> sources_;
  std::vector<std::thread> threads_;
};

}  // namespace pktana::engine
