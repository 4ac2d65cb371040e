// SPDX-License-Identifier: Apache-2.0
// Bounded queue of flow records from one worker to the sink thread. The one file that knows
// moodycamel::ConcurrentQueue.
// Each worker has a queue of its own: a burst of one can't take the room of another, and all blocks
// are allocated before the first record.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "flow/flow_record.h"

namespace pktana::sink {

/// One producing and one consuming thread. Holds `capacity` records, never more, never fewer.
class RecordQueue {
 public:
  static constexpr size_t kTakeBulk = 256;  ///< what the consumer asks for at once

  explicit RecordQueue(size_t capacity);
  ~RecordQueue();

  /// Producer: puts as many of `records` as there is room for, in order; returns how many. No
  /// allocation.
  size_t try_put(std::span<const flow::FlowRecord> records) noexcept;

  /// Consumer: takes up to out.size() records in order; returns how many.
  size_t take(std::span<flow::FlowRecord> out) noexcept;

  /// Any thread. Exact for the producer and the consumer between their own calls: the other side
  /// can only make more room, or more pending.
  [[nodiscard]] size_t pending() const noexcept { return static_cast<size_t>(put() - taken()); }
  [[nodiscard]] size_t room() const noexcept { return capacity_ - pending(); }
  [[nodiscard]] size_t capacity() const noexcept { return capacity_; }

  /// Records ever put and ever taken. Sequentially consistent: doorbells rely on it (doorbell.h).
  [[nodiscard]] uint64_t put() const noexcept { return put_.load(std::memory_order_seq_cst); }
  [[nodiscard]] uint64_t taken() const noexcept { return taken_.load(std::memory_order_seq_cst); }

 private:
  struct Blocks;

  const size_t capacity_;
  std::unique_ptr<Blocks> blocks_;
  // The library knows no exact bound of its own: these two do. On lines of their own, since each
  // has another writer.
  alignas(64) std::atomic<uint64_t> put_{0};
  alignas(64) std::atomic<uint64_t> taken_{0};
};

}  // namespace pktana::sink
