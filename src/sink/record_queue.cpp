// SPDX-License-Identifier: Apache-2.0
#include "sink/record_queue.h"

#include <algorithm>

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

struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr size_t BLOCK_SIZE = 256;
};

}  // namespace

struct RecordQueue::Blocks {
  // Two blocks more than the records fill: the first and the last may be used in part.
  explicit Blocks(size_t capacity) : queue(capacity + 2 * Traits::BLOCK_SIZE), token(queue) {}

  moodycamel::ConcurrentQueue<flow::FlowRecord, Traits> queue;
  moodycamel::ProducerToken token;
};

RecordQueue::RecordQueue(size_t capacity)
    : capacity_(std::max<size_t>(capacity, 1)), blocks_(std::make_unique<Blocks>(capacity_)) {}

RecordQueue::~RecordQueue() = default;

size_t RecordQueue::try_put(std::span<const flow::FlowRecord> records) noexcept {
  const size_t count = std::min(records.size(), room());
  if (count == 0 || !blocks_->token.valid()) return 0;
  if (!blocks_->queue.try_enqueue_bulk(blocks_->token, records.data(), count)) return 0;
  put_.store(put_.load(std::memory_order_relaxed) + count, std::memory_order_seq_cst);
  return count;
}

size_t RecordQueue::take(std::span<flow::FlowRecord> out) noexcept {
  const size_t wanted = std::min(out.size(), pending());
  if (wanted == 0) return 0;
  const size_t count =
      blocks_->queue.try_dequeue_bulk_from_producer(blocks_->token, out.data(), wanted);
  taken_.store(taken_.load(std::memory_order_relaxed) + count, std::memory_order_seq_cst);
  return count;
}

}  // namespace pktana::sink
