// SPDX-License-Identifier: Apache-2.0
#include "sink/queue_handoff.h"

namespace pktana::sink {

WorkerQueue::~WorkerQueue() {
  for (auto left = queue_.front(); !left.empty(); left = queue_.front()) {
    let_go(left);
    queue_.drop_front(left.size());
  }
}

void WorkerQueue::hand_over(std::span<const flow::FlowRecord> records) noexcept {
  handed_over_.add(records.size());
  while (!records.empty()) {
    if (shared_.ended.load(std::memory_order_seq_cst)) {
      dropped_late_.add(records.size());
      let_go(records);
      return;
    }
    records = records.subspan(queue_.try_put(records));
    if (!records.empty() || is_worth_waking()) shared_.work.ring();
    if (records.empty()) return;
    if (!shared_.wait_when_full) {
      dropped_full_.add(records.size());
      let_go(records);
      return;
    }
    wait_for_room();
  }
}

void WorkerQueue::drop_front(size_t count) noexcept {
  queue_.drop_front(count);
  if (has_ample_room()) room_.ring();
}

void WorkerQueue::wait_for_room() noexcept {
  const auto ready = [this] {
    return has_ample_room() || shared_.ended.load(std::memory_order_seq_cst);
  };
  room_.wait(ready, Doorbell::kNoTimeout);
}

}  // namespace pktana::sink
