// SPDX-License-Identifier: Apache-2.0
// Blocks of formatted packets between the worker that fills them and the thread that writes them.
// A lock per block of 1 MiB, none per packet.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/mapping.h"
#include "base/result.h"

namespace pktana::sink {

/// Records of one file, all whole.
struct PacketBlock {
  base::Mapping memory;
  size_t used = 0;
  uint64_t packets = 0;
  std::string begins;       ///< name of the file that begins with this block; empty = none
  size_t header_bytes = 0;  ///< in front of the records

  [[nodiscard]] char* end() const noexcept { return static_cast<char*>(memory.data()) + used; }
  [[nodiscard]] size_t room() const noexcept { return memory.size() - used; }
  [[nodiscard]] std::span<const char> bytes() const noexcept {
    return {static_cast<const char*>(memory.data()), used};
  }
};

/// Two threads: one fills, one writes.
class PacketBlockQueue {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<PacketBlockQueue>> create(size_t blocks,
                                                                              size_t block_bytes);

  /// The filling side: an empty block. Null: all are under way, and `wait` is false.
  [[nodiscard]] PacketBlock* take_empty(bool wait);
  void send(PacketBlock* block);
  /// Nothing more will be sent.
  void end();
  /// Blocks that were sent and are not yet written. Relaxed: a hint, for whoever would rather fill
  /// on than wait.
  [[nodiscard]] size_t under_way() const noexcept {
    return under_way_.load(std::memory_order_relaxed);
  }

  /// The writing side: waits. Null: the end.
  [[nodiscard]] PacketBlock* take_full();
  void give_back(PacketBlock* block);

 private:
  PacketBlockQueue() = default;

  std::vector<PacketBlock> blocks_;  ///< never moved
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<PacketBlock*> empty_;  ///< guarded by mutex_, as the two below
  std::deque<PacketBlock*> full_;
  bool ended_ = false;
  std::atomic<size_t> under_way_{0};
};

}  // namespace pktana::sink
