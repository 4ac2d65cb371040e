// SPDX-License-Identifier: Apache-2.0
// A bounded pool of equal blocks beside the flow store, for what only some flows need. All memory
// is reserved at start and touched as blocks are taken; nothing is allocated later. Used by the
// tracker of TCP quality.
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "base/mapping.h"
#include "base/result.h"

namespace pktana::flow {

/// Number of a block in its pool, from 1; 0 = none.
using BlockHandle = uint32_t;
inline constexpr BlockHandle kNoBlock = 0;

template <typename Block>
class BlockPool {
  static_assert(std::is_trivially_copyable_v<Block> && sizeof(Block) >= sizeof(BlockHandle));

 public:
  [[nodiscard]] static base::Result<BlockPool> create(uint32_t capacity) {
    auto memory = base::Mapping::anonymous(size_t{std::max(capacity, 1U)} * sizeof(Block));
    if (!memory) return base::Unexpected(memory.error());
    BlockPool pool;
    pool.memory_ = std::move(*memory);
    pool.capacity_ = capacity;
    return pool;
  }

  /// A block as Block{} makes it; kNoBlock when all are taken.
  [[nodiscard]] BlockHandle take() noexcept {
    BlockHandle handle = free_head_;
    if (handle != kNoBlock) {
      free_head_ = *reinterpret_cast<const BlockHandle*>(raw(handle));
    } else if (high_water_ < capacity_) {
      handle = ++high_water_;
    } else {
      return kNoBlock;
    }
    new (raw(handle)) Block{};
    ++taken_;
    return handle;
  }

  void give_back(BlockHandle handle) noexcept {
    *reinterpret_cast<BlockHandle*>(raw(handle)) = free_head_;
    free_head_ = handle;
    --taken_;
  }

  [[nodiscard]] Block& at(BlockHandle handle) noexcept {
    return *std::launder(reinterpret_cast<Block*>(raw(handle)));
  }
  [[nodiscard]] const Block& at(BlockHandle handle) const noexcept {
    return *std::launder(reinterpret_cast<const Block*>(raw(handle)));
  }

  [[nodiscard]] uint32_t taken() const noexcept { return taken_; }
  [[nodiscard]] uint32_t capacity() const noexcept { return capacity_; }

 private:
  BlockPool() = default;
  [[nodiscard]] unsigned char* raw(BlockHandle handle) const noexcept {
    return static_cast<unsigned char*>(memory_.data()) + size_t{handle - 1} * sizeof(Block);
  }

  base::Mapping memory_;
  uint32_t capacity_ = 0;
  uint32_t high_water_ = 0;
  uint32_t taken_ = 0;
  BlockHandle free_head_ = kNoBlock;  ///< free blocks are chained through their first bytes
};

}  // namespace pktana::flow
