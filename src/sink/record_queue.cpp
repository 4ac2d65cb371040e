// SPDX-License-Identifier: Apache-2.0
#include "sink/record_queue.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include <concurrentqueue/concurrentqueue.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PKTANA_THREAD_SANITIZER 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define PKTANA_THREAD_SANITIZER 1
#endif

#if defined(PKTANA_THREAD_SANITIZER)
// The library orders the reuse of its blocks by fences, which ThreadSanitizer doesn't model. Asked
// for by the sanitizer's run time, in every program that holds this file.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions();
const char* __tsan_default_suppressions() { return "race:moodycamel::ConcurrentQueue\n"; }
#endif

namespace pktana::sink {
namespace {

/// The first and the last block in use may be used in part.
size_t blocks_for(size_t capacity) noexcept {
  return (capacity + RecordQueue::kBlock - 1) / RecordQueue::kBlock + 1;
}

base::Mapping memory_for(size_t blocks) noexcept {
  auto memory = base::Mapping::anonymous(blocks * RecordQueue::kBlock * sizeof(flow::FlowRecord));
  return memory ? std::move(*memory) : base::Mapping();
}

struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr size_t BLOCK_SIZE = 32;
};

}  // namespace

struct RecordQueue::FreeBlocks {
  // Two blocks of the library's more than the numbers fill: the first and the last may be used in
  // part.
  explicit FreeBlocks(size_t count) : queue(count + 2 * Traits::BLOCK_SIZE), token(queue) {}

  moodycamel::ConcurrentQueue<uint32_t, Traits> queue;
  moodycamel::ProducerToken token;  ///< the consumer of records gives back
};

RecordQueue::RecordQueue(size_t capacity)
    : capacity_(std::max<size_t>(capacity, 1)),
      memory_(memory_for(blocks_for(capacity_))),
      order_(blocks_for(capacity_), kNone),
      free_(std::make_unique<FreeBlocks>(order_.size())) {}

RecordQueue::~RecordQueue() = default;

size_t RecordQueue::try_put(std::span<const flow::FlowRecord> records) noexcept {
  const size_t count = std::min(records.size(), room());
  if (count == 0 || memory_.data() == nullptr || !free_->token.valid()) return 0;
  const uint64_t first = put_.load(std::memory_order_relaxed);
  for (size_t done = 0; done < count;) {
    const uint64_t number = first + done;
    if (number % kBlock == 0) block_at(number) = take_free();
    const size_t some = std::min<size_t>(count - done, kBlock - number % kBlock);
    std::memcpy(place(block_at(number), number), &records[done], some * sizeof(flow::FlowRecord));
    done += some;
  }
  put_.store(first + count, std::memory_order_seq_cst);
  return count;
}

std::span<const flow::FlowRecord> RecordQueue::front() const noexcept {
  const size_t count = pending();
  if (count == 0) return {};
  const uint64_t number = taken_.load(std::memory_order_relaxed);
  return {place(order_[number / kBlock % order_.size()], number),
          std::min<size_t>(count, kBlock - number % kBlock)};
}

void RecordQueue::drop_front(size_t count) noexcept {
  const uint64_t before = taken_.load(std::memory_order_relaxed);
  const uint64_t after = before + count;
  // First the block, then the word of it: who finds room finds a block for it.
  if (before / kBlock != after / kBlock) give_back(block_at(before));
  taken_.store(after, std::memory_order_seq_cst);
}

uint32_t RecordQueue::take_free() noexcept {
  uint32_t block = kNone;
  if (free_->queue.try_dequeue_from_producer(free_->token, block)) return block;
  assert(touched_ < order_.size());
  return static_cast<uint32_t>(touched_++);
}

void RecordQueue::give_back(uint32_t block) noexcept {
  [[maybe_unused]] const bool has_room = free_->queue.try_enqueue(free_->token, block);
  assert(has_room);
}

}  // namespace pktana::sink
