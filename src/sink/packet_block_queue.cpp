// SPDX-License-Identifier: Apache-2.0
#include "sink/packet_block_queue.h"

namespace pktana::sink {

base::Result<std::unique_ptr<PacketBlockQueue>> PacketBlockQueue::create(size_t blocks,
                                                                         size_t block_bytes) {
  std::unique_ptr<PacketBlockQueue> queue(new PacketBlockQueue);
  queue->blocks_.resize(blocks);
  for (PacketBlock& block : queue->blocks_) {
    auto memory = base::Mapping::anonymous(block_bytes);
    if (!memory) return base::Unexpected(memory.error());
    block.memory = std::move(*memory);
    queue->empty_.push_back(&block);
  }
  return queue;
}

PacketBlock* PacketBlockQueue::take_empty(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) changed_.wait(lock, [&] { return !empty_.empty(); });
  if (empty_.empty()) return nullptr;
  PacketBlock* block = empty_.back();
  empty_.pop_back();
  return block;
}

void PacketBlockQueue::send(PacketBlock* block) {
  {
    const std::lock_guard lock(mutex_);
    full_.push_back(block);
    under_way_.fetch_add(1, std::memory_order_relaxed);
  }
  changed_.notify_all();
}

void PacketBlockQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

PacketBlock* PacketBlockQueue::take_full() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !full_.empty() || ended_; });
  if (full_.empty()) return nullptr;
  PacketBlock* block = full_.front();
  full_.pop_front();
  return block;
}

void PacketBlockQueue::give_back(PacketBlock* block) {
  block->used = 0;
  block->packets = 0;
  block->header_bytes = 0;
  block->begins.clear();
  {
    const std::lock_guard lock(mutex_);
    empty_.push_back(block);
    under_way_.fetch_sub(1, std::memory_order_relaxed);
  }
  changed_.notify_all();
}

}  // namespace pktana::sink
