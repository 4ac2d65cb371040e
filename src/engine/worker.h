// SPDX-License-Identifier: Apache-2.0
// One worker: takes batches from its source, decodes, filters, and keeps its shard of the flow
// table. It owns everything that packets touch; others see copies of its numbers.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "app/app_layer.h"
#include "base/counter.h"
#include "base/result.h"
#include "engine/flow_listing.h"
#include "engine/fragment_stage.h"
#include "engine/packet_group.h"
#include "engine/packet_observer.h"
#include "engine/packet_totals.h"
#include "engine/share.h"
#include "engine/worker_keeper.h"
#include "filter/filter_set.h"
#include "flow/flow_shard.h"
#include "parse/plain.h"
#include "ring/packet_source.h"

namespace pktana::engine {

struct WorkerOptions {
  flow::ShardOptions shard;
  flow::KeyOptions key;
  parse::DecodeOptions decode;
  /// Packets within tunnels count in the outermost IP packet's flow as well.
  bool outer_too = false;
  bool track_flows = true;
  uint64_t packet_limit = 0;  ///< stop after so many packets that passed the filter; 0 = none
  filter::FilterSet* filter = nullptr;  ///< user-space filter, the worker's own; null = none
  PacketObserver* observer = nullptr;   ///< null = none
  app::AppLayer* app = nullptr;         ///< the worker's own, must outlive it; null = none
  WorkerKeeper* keeper = nullptr;       ///< commits between batches; null = nothing is kept
  /// Several workers may read the same file: each counts the packets whose flow hash falls to it.
  unsigned share_index = 0;
  unsigned share_count = 1;
};

/// Copy of a worker's numbers, all taken between the same two batches.
struct WorkerSnapshot {
  PacketTotals packets;
  flow::ShardTotals flows;
  uint64_t live_flows = 0;
  uint64_t live_packets = 0;  ///< sum over the live flows
  std::optional<ring::RingStatistics> ring;
  std::optional<app::AppTotals> app;
  std::vector<ring::SourceStatistics> sources = {};  ///< the same by interface
  std::optional<double> ring_fill = {};              ///< PacketSource::fill() as of now
  int64_t first_packet_ns = 0;  ///< earliest and latest packet time; 0 = no packet yet
  int64_t last_packet_ns = 0;
};

class Worker : private FragmentCounter {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Worker>> create(const WorkerOptions& options,
                                                                    flow::RecordHandoff& handoff);

  /// Takes everything the source has, until its end, an error of the source, the packet limit or
  /// `stop`. May be called again with a next source: flows go on. A live source is drained before
  /// it returns.
  [[nodiscard]] base::Result<void> run(ring::PacketSource& source, const std::atomic<bool>& stop);

  /// Asks run() to return soon, nothing drained: the rings are somebody else's then. Needs a
  /// keeper. Any thread.
  void leave() noexcept { leaving_.store(true, std::memory_order_relaxed); }
  /// Instead of finish(): the flows stay as they are, in a last commit.
  void finish_for_next();
  /// The numbers, for whoever made the worker, before another thread runs it.
  [[nodiscard]] WorkerSnapshot snapshot_before_run() { return take_snapshot(nullptr); }
  /// Before run(): goes on with flows of a process before us.
  [[nodiscard]] bool restore(base::StateReader& in, const flow::RestoreChoice& choice) {
    return shard_.restore(in, choice);
  }

  /// Ends all flows and hands their records over. The last call of the worker's thread.
  void finish();

  /// The numbers as of the next pause between batches (or the final ones, after finish()). Any
  /// thread; waits for the worker at most about a poll timeout.
  [[nodiscard]] WorkerSnapshot snapshot() { return snapshot(ask_for_snapshot()); }
  /// The same in two steps, so that several workers are waited for at the same time.
  [[nodiscard]] uint64_t ask_for_snapshot();
  [[nodiscard]] WorkerSnapshot snapshot(uint64_t asked);

  /// The worker fills the slice between its batches, as far as it comes; its flows when it ends are
  /// nobody's any more. Any thread; a slice that is still being filled is given up.
  void list_flows(std::shared_ptr<ListingSlice> slice);

  /// Times that the source was asked for packets. Any thread.
  [[nodiscard]] uint64_t beats() const noexcept { return beats_.get(); }

  [[nodiscard]] bool limit_reached() const noexcept {
    return options_.packet_limit != 0 && passed_ >= options_.packet_limit;
  }

 private:
  /// What classify() found: how many packets it put into the group, or that it was a fragment.
  static constexpr uint8_t kIsFragment = 0xFF;

  Worker(const WorkerOptions& options, flow::FlowShard shard,
         std::optional<FragmentStage> fragments);

  void note_loss(const ring::Batch& batch) noexcept;
  void process(std::span<const ring::PacketRef> packets) noexcept;
  /// The same, but what is plainly another worker's only tells the time.
  void process_own_of(std::span<const ring::PacketRef> packets) noexcept;
  /// Decodes the first of `packets` and puts those of them that belong in flows into the group, up
  /// to a fragment.
  void take(std::span<const ring::PacketRef> packets, PacketGroup& group) noexcept;
  /// Counts what take() has put there. Nothing has been decoded since, if it ended at a fragment.
  void count(PacketGroup& group) noexcept;
  /// Decodes and counts one packet. Behind what the group holds it puts what belongs in a flow of
  /// this worker: up to two packets.
  [[nodiscard]] uint8_t classify(const ring::PacketRef& ref, PacketGroup& group) noexcept;
  [[nodiscard]] bool put_plain(const ring::PacketRef& ref, const parse::PlainPacket& plain,
                               flow::FlowPacket& out) noexcept;
  [[nodiscard]] uint8_t put_in_group(const ring::PacketRef& ref, PacketGroup& group) noexcept;
  /// The flow of the outermost IP packet around packet_. False if it is another worker's.
  [[nodiscard]] bool put_outer(const ring::PacketRef& ref, flow::FlowPacket& out,
                               PacketGroup& group) noexcept;
  void take_fragment(const ring::PacketRef& ref, PacketGroup& group) noexcept;
  void count_fragments(const flow::FlowPacket& packet) noexcept override;
  void count_outer(const flow::FlowPacket& packet) noexcept override;
  void join_frames(uint64_t number, uint64_t with) noexcept override;
  void count_undecodable(const parse::Packet& packet,
                         const flow::FlowPacket& frames) noexcept override;
  void observe(const ring::PacketRef& ref) noexcept;
  void tell_flow(const flow::FlowPacket& packet, bool outer) noexcept {
    if (flow_observer_ != nullptr) [[unlikely]]
      flow_observer_->on_counted(packet, outer, shard_);
  }
  [[nodiscard]] bool passes_filter(const ring::PacketRef& ref) noexcept;
  void keep_encapsulation(const parse::Packet& packet, flow::FlowPacket& out,
                          PacketGroup& group) noexcept;
  /// Remembers what an ICMP error quotes, if that flow is this worker's.
  void keep_quote(size_t place, PacketGroup& group) noexcept;
  void count_decoded(const parse::Packet& packet) noexcept;
  void count_not_flow(const parse::Packet& packet, uint64_t frames) noexcept;
  void on_pause(const ring::Batch& batch) noexcept;
  [[nodiscard]] bool may_leave() const noexcept;
  void keep_if_due();
  void say_final();
  void go_on_listing(bool idle) noexcept;
  void answer_snapshot(ring::PacketSource* source);
  [[nodiscard]] WorkerSnapshot take_snapshot(ring::PacketSource* source);

  WorkerOptions options_;
  Share share_;
  bool picks_ = false;        ///< process_own_of() is right
  bool takes_plain_ = false;  ///< plain packets need no decode()
  flow::FlowShard shard_;
  PacketTotals totals_;
  base::Counter beats_;
  uint64_t passed_ = 0;    ///< packets that passed the filter
  uint64_t observed_ = 0;  ///< number of the packet that the observer was told of last
  PacketObserver* flow_observer_ = nullptr;  ///< the observer, if it wants flows
  std::optional<ring::RingStatistics> ring_;
  std::vector<ring::SourceStatistics> sources_;
  bool live_ = false;  ///< the present source has a ring
  int64_t first_ns_ = std::numeric_limits<int64_t>::max();
  int64_t last_ns_ = 0;
  std::optional<FragmentStage> fragments_;  ///< none: no flows are tracked
  parse::DecodeOptions outer_options_;
  parse::Packet packet_;
  parse::Packet outer_;
  std::array<PacketGroup, 2> groups_;
  bool quotes_icmp_ = false;   ///< the packet that was classified last is an ICMP error
  uint64_t quote_domain_ = 0;  ///< FlowKey::domain of that packet

  std::atomic<bool> leaving_{false};
  std::atomic<bool> has_listing_{false};
  std::mutex listing_mutex_;
  std::shared_ptr<ListingSlice> listing_;  ///< guarded by listing_mutex_; shared with who asked

  std::atomic<bool> snapshot_wanted_{false};
  std::mutex snapshot_mutex_;
  std::condition_variable snapshot_ready_;
  uint64_t snapshots_taken_ = 0;  ///< guarded by snapshot_mutex_, as the two below
  WorkerSnapshot snapshot_;
  bool finished_ = false;
};

}  // namespace pktana::engine
