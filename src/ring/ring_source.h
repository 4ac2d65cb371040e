// SPDX-License-Identifier: Apache-2.0
// The packets of one worker: all its rings, one per interface, drained in turn. CaptureGroup makes
// it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include <poll.h>

#include "ring/packet_ring.h"
#include "ring/packet_source.h"

namespace pktana::ring {

/// next_batch() gives up to kBatch packets of one block; blocks of the rings that are ready come in
/// turn, and a block goes back to the kernel when its last packets have been asked past. As long as
/// blocks are ready no system call is made. When none is, it waits up to kPollMs for one and
/// returns Idle without packets if none came. It never fails: an interface that goes down is waited
/// for.
///
/// Drops are noticed by the kernel's mark on a block, at no cost; the counters are read when it is
/// there (which clears it), and when the link is idle. See Batch::lossy.
///
/// The end: after stop_intake() what the rings still hold comes as before, then State::End as soon
/// as every packet that the kernel counted has been delivered or was dropped, or after kDrainMs at
/// the latest. From End on statistics() no longer reads the kernel: packets = delivered + drops
/// holds for what it returns.
class RingSource final : public PacketSource {
 public:
  /// PERF NOTE: the headers and first bytes of twice as many packets, these and the next that are
  /// prefetched meanwhile (packet_ring.cpp), stay in a 32 KiB first-level cache until their use.
  static constexpr size_t kBatch = 32;
  static constexpr int kPollMs = 100;
  static constexpr int kDrainMs = 1000;

  /// @param rings  in the order of the interfaces; none yet is fine, see add().
  explicit RingSource(std::vector<PacketRing> rings);

  [[nodiscard]] base::Result<Batch> next_batch() override;
  [[nodiscard]] std::optional<RingStatistics> statistics() override;
  [[nodiscard]] std::vector<SourceStatistics> statistics_by_source() const override;
  void stop_intake() noexcept override;

  /// Takes packets of this ring too. Any thread.
  void add(PacketRing ring);
  /// The interface is gone: what the rings of this source hold still comes, then they are closed.
  /// Any thread.
  void retire(uint16_t source_id);

  /// See PacketRing. Only in the thread of next_batch(), between two calls of it.
  void keep_read_blocks() noexcept;
  void return_read() noexcept;
  /// The share of a ring that is kept, of the one where it is greatest: 0 to 1.
  [[nodiscard]] double kept_share() const noexcept;
  [[nodiscard]] std::optional<double> fill() const override;
  /// Whether all packets of the block that was lent last have been asked past: only then
  /// positions are whole.
  [[nodiscard]] bool is_between_blocks() const noexcept { return !block_ || block_->left() == 0; }
  /// Gives the lent block back, so that positions() speaks of it too.
  void end_block() noexcept { block_.reset(); }
  struct Position {
    uint16_t source_id = 0;
    int fd = -1;
    RingPosition at;
  };
  [[nodiscard]] std::vector<Position> positions() const;

  [[nodiscard]] size_t ring_count() const noexcept { return rings_.size(); }
  [[nodiscard]] uint16_t source_id(size_t ring) const noexcept { return rings_[ring].source_id(); }
  /// Of one ring (interface), as of the last statistics().
  [[nodiscard]] RingStatistics statistics_of(size_t ring) const noexcept {
    return rings_[ring].statistics();
  }
  [[nodiscard]] uint64_t delivered() const noexcept;

 private:
  [[nodiscard]] bool lease_block() noexcept;
  [[nodiscard]] Batch deliver() noexcept;
  void wait(int timeout_ms) noexcept;
  [[nodiscard]] bool drained() noexcept;
  [[nodiscard]] RingStatistics sum() const noexcept;
  void apply_changes();
  void close_retired() noexcept;
  void watch_rings();
  /// Whether drops have been counted that it has not told of yet.
  [[nodiscard]] bool take_loss() noexcept;

  std::vector<PacketRing> rings_;
  std::optional<PacketRing::Block> block_;  ///< after rings_: it must go first
  std::array<PacketRef, kBatch> packets_;
  std::vector<pollfd> polls_;
  size_t turn_ = 0;                    ///< ring to look at first
  std::optional<int64_t> stopped_ns_;  ///< monotonic time of stop_intake()
  bool ended_ = false;
  bool lossy_ = false;       ///< of the block that is lent out
  uint64_t drops_told_ = 0;  ///< by take_loss()
  bool keeps_read_ = false;

  RingStatistics closed_;                           ///< of rings that are closed
  std::vector<SourceStatistics> closed_by_source_;  ///< the same
  uint64_t closed_delivered_ = 0;
  std::atomic<bool> has_changes_{false};
  std::mutex changes_mutex_;
  std::vector<PacketRing> added_;  ///< guarded by changes_mutex_, as the next
  std::vector<uint16_t> to_retire_;
};

}  // namespace pktana::ring
