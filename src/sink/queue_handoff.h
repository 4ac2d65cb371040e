// SPDX-License-Identifier: Apache-2.0
// The worker's end of the way to the sink thread: puts records into its queue, and either drops and
// counts what finds no room (live) or waits for room (files).
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "base/counter.h"
#include "flow/encapsulation_table.h"
#include "flow/record_handoff.h"
#include "sink/doorbell.h"
#include "sink/record_queue.h"

namespace pktana::sink {

/// What the sink thread and all workers share.
struct HandoffShared {
  Doorbell work;                   ///< rung for the sink thread
  std::atomic<bool> ended{false};  ///< nobody takes records any more
  size_t wake_at = 1;              ///< records in a queue that are worth waking the sink thread for
  bool wait_when_full = false;
  flow::EncapsulationTable* encapsulations = nullptr;  ///< takes the references of records; or null
};

/// The queue of one worker and its counters. Owned by the sink; outlives the RecordHandoff.
class WorkerQueue {
 public:
  WorkerQueue(HandoffShared& shared, size_t capacity) : shared_(shared), queue_(capacity) {}
  WorkerQueue(const WorkerQueue&) = delete;
  WorkerQueue& operator=(const WorkerQueue&) = delete;
  ~WorkerQueue();  ///< what is still queued refers to nothing any more

  /// Worker.
  void hand_over(std::span<const flow::FlowRecord> records) noexcept;

  /// Sink thread: the oldest records as they lie in the queue; see RecordQueue.
  [[nodiscard]] std::span<const flow::FlowRecord> front() const noexcept { return queue_.front(); }
  /// Sink thread: is done with so many of them. Wakes a worker that waits for room.
  void drop_front(size_t count) noexcept;
  [[nodiscard]] size_t pending() const noexcept { return queue_.pending(); }
  [[nodiscard]] bool is_worth_waking() const noexcept { return pending() >= shared_.wake_at; }

  /// After `ended` was set: lets a waiting worker go.
  void release() noexcept { room_.ring(); }

  /// Any thread. handed_over = put in the queue + dropped_full + dropped_late.
  [[nodiscard]] uint64_t handed_over() const noexcept { return handed_over_.get(); }
  [[nodiscard]] uint64_t dropped_full() const noexcept { return dropped_full_.get(); }
  [[nodiscard]] uint64_t dropped_late() const noexcept { return dropped_late_.get(); }

 private:
  /// Half of the queue, so that a waiting worker and the sink thread don't wake each other for
  /// every record.
  [[nodiscard]] bool has_ample_room() const noexcept {
    return queue_.room() >= (queue_.capacity() + 1) / 2;
  }
  void wait_for_room() noexcept;
  /// What will never be written refers to nothing any more.
  void let_go(std::span<const flow::FlowRecord> records) noexcept {
    flow::release(records, shared_.encapsulations);
  }

  HandoffShared& shared_;
  RecordQueue queue_;
  Doorbell room_;  ///< rung for the worker
  base::Counter handed_over_;
  base::Counter dropped_full_;
  base::Counter dropped_late_;  ///< came after the sink had ended
};

class QueueHandoff final : public flow::RecordHandoff {
 public:
  /// Lifetime: `queue` must outlive this.
  explicit QueueHandoff(WorkerQueue& queue) noexcept : queue_(queue) {}

  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    queue_.hand_over(records);
  }

 private:
  WorkerQueue& queue_;
};

}  // namespace pktana::sink
