// SPDX-License-Identifier: Apache-2.0
// One TPACKET_V3 ring: blocks of packets that the kernel fills and we give back in order. Used by
// RingSource; made by CaptureGroup.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <linux/filter.h>
#include <linux/if_packet.h>

#include "base/mapping.h"
#include "base/result.h"
#include "ring/packet_ref.h"
#include "ring/packet_socket.h"
#include "ring/packet_source.h"

namespace pktana::ring {

inline constexpr uint32_t kNoCountsPlace = 0xFFFFFFFFU;

/// Where a reader of a ring is, between two blocks: what the next one goes on by.
struct RingPosition {
  uint32_t next_block = 0;
  uint64_t last_sequence = 0;  ///< the kernel's number of the last block that was read; 0 = none
  uint32_t counts_place = kNoCountsPlace;  ///< of keep_counts()
  uint64_t delivered = 0;                  ///< since the ring was made, whoever read it
  RingStatistics statistics;               ///< likewise
};

/// Threads: one at a time; a move to another thread needs what any hand-over needs.
class PacketRing {
 public:
  struct Options {
    std::string name;              ///< for error messages
    unsigned interface_index = 0;  ///< 0 = all interfaces
    uint16_t source_id = 0;
    RingGeometry geometry{};
    bool ignore_outgoing = false;
  };

  /// A block lent by the kernel; its destructor gives it back. At most one of a ring is out at a
  /// time: the kernel waits for its own next block only, so they must go back in order. Lifetime:
  /// the ring must outlive it and not be moved meanwhile. What take() gave is valid as long as the
  /// block.
  class Block {
   public:
    Block(Block&& other) noexcept
        : ring_(std::exchange(other.ring_, nullptr)),
          next_(other.next_),
          left_(other.left_),
          losing_(other.losing_) {}
    Block& operator=(Block&&) = delete;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
      if (ring_ != nullptr) ring_->give_back();
    }

    /// The next packets, as many as there are and fit. @return their number.
    [[nodiscard]] size_t take(std::span<PacketRef> packets) noexcept;
    [[nodiscard]] uint32_t left() const noexcept { return left_; }
    /// The kernel has dropped packets since its counters were last read, up to the end of this
    /// block (TP_STATUS_LOSING).
    [[nodiscard]] bool is_losing() const noexcept { return losing_; }

   private:
    friend class PacketRing;
    Block(PacketRing& ring, const uint8_t* first, uint32_t count, bool losing) noexcept
        : ring_(&ring), next_(first), left_(count), losing_(losing) {}

    PacketRing* ring_;
    const uint8_t* next_;  ///< header of the next packet
    uint32_t left_;
    bool losing_;
  };

  /// A bound ring that drops everything until start().
  [[nodiscard]] static base::Result<PacketRing> open(const Options& options);

  /// The same on a socket that is open already.
  [[nodiscard]] static base::Result<PacketRing> open(const Options& options, PacketSocket socket);

  /// Goes on with the ring of a reader that is gone, where it was: what that one had read but not
  /// given back goes back, what the kernel put there meanwhile comes next. The kernel's counts
  /// begin with what is in the ring; packets that it took from them in its last moment, and had no
  /// time to note, are made up for by what is delivered (drops of that moment can't be known).
  [[nodiscard]] static base::Result<PacketRing> adopt(const Options& options, PacketSocket socket,
                                                      const RingPosition& position);

  /// From now on blocks that have been read stay the ring's until return_read(), so that they
  /// can be read again should we be killed.
  void keep_read_blocks() noexcept { keeps_read_ = true; }
  /// Gives them back, in order.
  void return_read() noexcept;
  [[nodiscard]] unsigned kept_blocks() const noexcept { return kept_; }
  [[nodiscard]] unsigned block_count() const noexcept { return block_count_; }
  /// Blocks that the kernel can't use: filled, lent out or kept. Looks at each of them.
  [[nodiscard]] unsigned taken_blocks() const noexcept;
  /// No block may be lent out.
  [[nodiscard]] RingPosition position() const noexcept;

  /// The socket, for fanout and promiscuous mode before start().
  [[nodiscard]] PacketSocket& socket() noexcept { return socket_; }
  [[nodiscard]] int fd() const noexcept { return socket_.fd(); }
  [[nodiscard]] uint16_t source_id() const noexcept { return source_id_; }
  /// LINKTYPE_ of its packets; with all interfaces each packet has its own.
  [[nodiscard]] uint16_t link_type() const noexcept { return link_type_; }

  /// Forgets what the kernel has counted so far and lets packets in that `program` accepts.
  [[nodiscard]] base::Result<void> start(std::span<const sock_filter> program);
  /// Lets no more packets in. Those that passed the old filter a moment ago may still be on their
  /// way into the ring.
  void stop() noexcept { (void)socket_.drop_all(); }

  /// The next filled block, if the kernel has handed it over. No system call.
  [[nodiscard]] std::optional<Block> try_block() noexcept;

  /// Reads and clears the kernel's counters. @return the sums since start() or adopt().
  RingStatistics read_statistics() noexcept;
  [[nodiscard]] RingStatistics statistics() const noexcept {
    return {.packets = statistics_.packets - before_us_.packets,
            .drops = statistics_.drops - before_us_.drops,
            .freezes = statistics_.freezes - before_us_.freezes};
  }
  /// Packets that take() has given out, since then too.
  [[nodiscard]] uint64_t delivered() const noexcept { return delivered_ - delivered_before_us_; }

  /// Whatever is read of the kernel's counters goes there at once, beside statistics(): memory that
  /// outlives us. `number` is what position() calls it.
  void keep_counts(RingStatistics* place, uint32_t number) noexcept {
    counts_ = place;
    counts_place_ = number;
    *counts_ = statistics_;
  }

  /// Its interface is gone: nothing more will come in.
  void retire(int64_t now_ns) noexcept { retired_ns_ = now_ns; }
  [[nodiscard]] bool is_retired() const noexcept { return retired_ns_ != 0; }
  [[nodiscard]] int64_t retired_ns() const noexcept { return retired_ns_; }  ///< monotonic

  /// Clears a pending error. ENETDOWN says that the interface went down; the ring goes on when it
  /// is up again.
  int take_error() noexcept { return socket_.take_error(); }

 private:
  PacketRing(PacketSocket socket, base::Mapping memory, const Options& options,
             uint16_t link_type) noexcept;

  [[nodiscard]] tpacket_hdr_v1& header(unsigned block) const noexcept;
  void give_back() noexcept;
  void return_block(unsigned block) noexcept;
  const uint8_t* read_packets(const uint8_t* at, std::span<PacketRef> packets) const noexcept;
  static void set_link_types(const uint8_t* at, std::span<PacketRef> packets) noexcept;

  PacketSocket socket_;
  base::Mapping memory_;
  size_t block_bytes_;
  unsigned block_count_;
  unsigned block_ = 0;  ///< the one that is lent out or comes next
  bool adopted_ = false;
  unsigned kept_ = 0;  ///< blocks before it that have been read, and are not given back
  bool keeps_read_ = false;
  uint64_t last_sequence_ = 0;  ///< kernel's number of the block before it
  uint16_t source_id_;
  uint16_t link_type_;
  bool all_interfaces_;
  unsigned blocks_since_read_ = 0;
  int64_t retired_ns_ = 0;
  uint64_t delivered_ = 0;
  RingStatistics statistics_;
  // What processes before us have had of the ring.
  uint64_t delivered_before_us_ = 0;
  RingStatistics before_us_;
  RingStatistics* counts_ = nullptr;
  uint32_t counts_place_ = kNoCountsPlace;
};

}  // namespace pktana::ring
