// SPDX-License-Identifier: Apache-2.0
// Bounded queue of flow records from one worker to the sink thread. The one file that knows
// moodycamel::ConcurrentQueue.
// Each worker has a queue of its own: a burst of one can't take the room of another. Its memory is
// taken from the system as it is first needed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/mapping.h"
#include "flow/flow_record.h"

namespace pktana::sink {

/// One producing and one consuming thread. Holds `capacity` records, never more, never fewer.
///
/// Records lie in blocks, and an empty block is used again before a new one: while the consumer
/// keeps up, a few blocks that stay in the cache are all that is ever touched.
class RecordQueue {
 public:
  static constexpr size_t kBlock = 256;  ///< records; what the consumer gets at once at most

  explicit RecordQueue(size_t capacity);
  ~RecordQueue();

  /// Producer: puts as many of `records` as there is room for, in order; returns how many. No
  /// allocation.
  size_t try_put(std::span<const flow::FlowRecord> records) noexcept;

  /// Consumer: the oldest records as they lie in the queue, at least one if there is any, at most
  /// kBlock. Lifetime: until drop_front().
  [[nodiscard]] std::span<const flow::FlowRecord> front() const noexcept;
  /// Consumer: is done with so many of front().
  void drop_front(size_t count) noexcept;

  /// Any thread. Exact for the producer and the consumer between their own calls: the other side
  /// can only make more room, or more pending.
  [[nodiscard]] size_t pending() const noexcept { return static_cast<size_t>(put() - taken()); }
  [[nodiscard]] size_t room() const noexcept { return capacity_ - pending(); }
  [[nodiscard]] size_t capacity() const noexcept { return capacity_; }

  /// Records ever put and ever taken. Sequentially consistent: doorbells rely on it (doorbell.h).
  [[nodiscard]] uint64_t put() const noexcept { return put_.load(std::memory_order_seq_cst); }
  [[nodiscard]] uint64_t taken() const noexcept { return taken_.load(std::memory_order_seq_cst); }

  /// Blocks that have been used at least once. The producer, or when it has ended.
  [[nodiscard]] size_t blocks_touched() const noexcept { return touched_; }

 private:
  struct FreeBlocks;
  static constexpr uint32_t kNone = 0xFFFFFFFFU;

  /// The block of the record with this number: the order in which blocks are in use.
  [[nodiscard]] uint32_t& block_at(uint64_t number) noexcept {
    return order_[number / kBlock % order_.size()];
  }
  [[nodiscard]] flow::FlowRecord* place(uint32_t block, uint64_t number) const noexcept {
    return static_cast<flow::FlowRecord*>(memory_.data()) + block * kBlock + number % kBlock;
  }
  [[nodiscard]] uint32_t take_free() noexcept;
  void give_back(uint32_t block) noexcept;

  const size_t capacity_;
  base::Mapping memory_;
  std::vector<uint32_t> order_;
  size_t touched_ = 0;  ///< the producer's
  /// Blocks that the consumer has emptied, on their way back to the producer.
  std::unique_ptr<FreeBlocks> free_;
  // On lines of their own, since each has another writer.
  alignas(64) std::atomic<uint64_t> put_{0};
  alignas(64) std::atomic<uint64_t> taken_{0};
};

}  // namespace pktana::sink
