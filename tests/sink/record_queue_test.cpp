// SPDX-License-Identifier: Apache-2.0
#include "sink/record_queue.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "support/catch.h"

namespace pktana::sink {
namespace {

std::vector<flow::FlowRecord> numbered(uint64_t first, size_t count) {
  std::vector<flow::FlowRecord> records(count);
  for (size_t i = 0; i < count; ++i)
    records[i].flow_id = first + i;
  return records;
}

/// Up to out.size() records. Returns how many.
size_t take(RecordQueue& queue, std::span<flow::FlowRecord> out) {
  size_t count = 0;
  while (count < out.size() && queue.pending() > 0) {
    const auto front = queue.front();
    const auto some = front.first(std::min(front.size(), out.size() - count));
    std::copy(some.begin(), some.end(), out.begin() + static_cast<std::ptrdiff_t>(count));
    queue.drop_front(some.size());
    count += some.size();
  }
  return count;
}

}  // namespace

TEST_CASE("record queue: holds exactly its capacity, whatever that is") {
  for (const size_t capacity : {1U, 2U, 31U, 256U, 257U, 1000U, 4096U}) {
    RecordQueue queue(capacity);
    const auto records = numbered(0, capacity + 10);
    CHECK(queue.try_put(records) == capacity);
    CHECK(queue.room() == 0);
    CHECK(queue.try_put(records) == 0);
    std::vector<flow::FlowRecord> out(capacity + 10);
    CHECK(take(queue, out) == capacity);
    CHECK(queue.pending() == 0);
    CHECK(take(queue, out) == 0);
  }
}

TEST_CASE("record queue: keeps the order over many laps, in bulks of all sizes") {
  RecordQueue queue(300);
  std::vector<flow::FlowRecord> out(300);
  uint64_t next_in = 0;
  uint64_t next_out = 0;
  for (size_t lap = 0; lap < 5000; ++lap) {
    next_in += queue.try_put(numbered(next_in, lap % 97 + 1));
    const size_t count = take(queue, std::span(out).first(lap % 89 + 1));
    for (size_t i = 0; i < count; ++i)
      REQUIRE(out[i].flow_id == next_out++);
  }
  CHECK(queue.put() == next_in);
  CHECK(queue.taken() == next_out);
}

TEST_CASE("record queue: a full queue that is emptied to the last record can be filled again") {
  RecordQueue queue(512);
  const auto records = numbered(0, 512);
  std::vector<flow::FlowRecord> out(512);
  for (int lap = 0; lap < 100; ++lap) {
    REQUIRE(queue.try_put(records) == 512);
    REQUIRE(take(queue, out) == 512);
    REQUIRE(out.back().flow_id == 511);
  }
}

TEST_CASE("record queue: while the consumer keeps up, the same few blocks are used") {
  RecordQueue queue(65'536);
  const auto records = numbered(0, 100);
  std::vector<flow::FlowRecord> out(100);
  for (int lap = 0; lap < 3000; ++lap) {
    REQUIRE(queue.try_put(records) == 100);
    REQUIRE(take(queue, out) == 100);
  }
  CHECK(queue.blocks_touched() <= 2);
  while (queue.try_put(records) > 0) {
  }
  CHECK(queue.blocks_touched() <= 65'536 / RecordQueue::kBlock + 1);
  CHECK(queue.pending() == 65'536);
}

TEST_CASE("record queue: one thread puts, another takes, nothing is lost or doubled") {
  constexpr uint64_t kCount = 200'000;
  RecordQueue queue(1000);
  std::thread producer([&queue] {
    for (uint64_t next = 0; next < kCount;)
      next += queue.try_put(numbered(next, 32));
  });
  std::vector<flow::FlowRecord> out(RecordQueue::kBlock);
  bool in_order = true;
  for (uint64_t next = 0; next < kCount;) {
    const size_t count = take(queue, out);
    for (size_t i = 0; i < count; ++i)
      in_order &= out[i].flow_id == next++;
    if (count == 0) std::this_thread::yield();
  }
  producer.join();
  CHECK(in_order);
}

}  // namespace pktana::sink
