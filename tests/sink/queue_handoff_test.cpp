// SPDX-License-Identifier: Apache-2.0
#include "sink/queue_handoff.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "support/catch.h"

namespace pktana::sink {

TEST_CASE("handoff: live, what a full queue has no room for is dropped and counted exactly") {
  HandoffShared shared;
  WorkerQueue queue(shared, 100);
  QueueHandoff handoff(queue);
  const std::vector<flow::FlowRecord> records(32);
  for (int i = 0; i < 5; ++i)
    handoff.hand_over(records);
  CHECK(queue.handed_over() == 160);
  CHECK(queue.pending() == 100);
  CHECK(queue.dropped_full() == 60);

  CHECK(queue.front().size() == 100);
  queue.drop_front(10);
  handoff.hand_over(records);
  CHECK(queue.pending() == 100);
  CHECK(queue.dropped_full() == 82);
}

TEST_CASE("handoff: file mode, the worker waits for room and loses nothing") {
  HandoffShared shared;
  shared.wait_when_full = true;
  shared.wake_at = 16;
  WorkerQueue queue(shared, 50);
  std::thread worker([&queue] {
    const std::vector<flow::FlowRecord> records(33);
    for (int i = 0; i < 1000; ++i)
      queue.hand_over(records);
  });
  size_t taken = 0;
  while (taken < 33'000) {
    const size_t count = std::min<size_t>(queue.front().size(), 7);
    queue.drop_front(count);
    taken += count;
    if (count == 0) shared.work.wait([&queue] { return queue.is_worth_waking(); }, 20);
  }
  worker.join();
  CHECK(queue.handed_over() == 33'000);
  CHECK(queue.dropped_full() == 0);
  CHECK(queue.pending() == 0);
}

TEST_CASE(
    "handoff: a worker that waits is let go when the sink ends, and its records are counted") {
  HandoffShared shared;
  shared.wait_when_full = true;
  WorkerQueue queue(shared, 10);
  std::thread worker([&queue] {
    const std::vector<flow::FlowRecord> records(25);
    queue.hand_over(records);
  });
  while (queue.pending() < 10)
    std::this_thread::yield();
  shared.ended = true;
  queue.release();
  worker.join();
  CHECK(queue.pending() == 10);
  CHECK(queue.dropped_late() == 15);
  CHECK(queue.dropped_full() == 0);
}

TEST_CASE("handoff: the sink thread is woken for a full batch, not for each record") {
  HandoffShared shared;
  shared.wake_at = 4;
  WorkerQueue queue(shared, 100);
  const std::vector<flow::FlowRecord> record(1);
  for (int i = 0; i < 3; ++i)
    queue.hand_over(record);
  CHECK_FALSE(queue.is_worth_waking());
  queue.hand_over(record);
  CHECK(queue.is_worth_waking());
}

}  // namespace pktana::sink
