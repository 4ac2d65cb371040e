// SPDX-License-Identifier: Apache-2.0
#include "sink/record_queue.h"

#include <algorithm>
#include <cassert>
#include <cstring>

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

}  // namespace

RecordQueue::RecordQueue(size_t capacity)
    : capacity_(std::max<size_t>(capacity, 1)),
      memory_(memory_for(blocks_for(capacity_))),
      order_(blocks_for(capacity_), kNone),
      next_free_(order_.size(), kNone) {}

size_t RecordQueue::try_put(std::span<const flow::FlowRecord> records) noexcept {
  const size_t count = std::min(records.size(), room());
  if (count == 0 || memory_.data() == nullptr) return 0;
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
  // Acquire: what the consumer read of the block, and what is below it, comes before.
  uint32_t block = free_.load(std::memory_order_acquire);
  while (block != kNone &&
         !free_.compare_exchange_weak(block, next_free_[block], std::memory_order_acquire)) {
  }
  if (block != kNone) return block;
  assert(touched_ < order_.size());
  return static_cast<uint32_t>(touched_++);
}

void RecordQueue::give_back(uint32_t block) noexcept {
  uint32_t top = free_.load(std::memory_order_relaxed);
  do {
    next_free_[block] = top;
  } while (!free_.compare_exchange_weak(top, block, std::memory_order_release,
                                        std::memory_order_relaxed));
}

}  // namespace pktana::sink
