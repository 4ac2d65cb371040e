// SPDX-License-Identifier: Apache-2.0
#include "ring/block_buffer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace pktana::ring {

base::Result<BlockBuffer> BlockBuffer::create(std::unique_ptr<ByteReader> reader,
                                              size_t block_bytes) {
  auto block = base::Mapping::anonymous(block_bytes);
  if (!block) return base::Unexpected(std::move(block.error()));
  return BlockBuffer(std::move(reader), std::move(*block));
}

BlockBuffer::BlockBuffer(std::unique_ptr<ByteReader> reader, base::Mapping block) noexcept
    : reader_(std::move(reader)), block_(std::move(block)) {}

base::Result<bool> BlockBuffer::require(size_t count) {
  if (end_ - begin_ >= count) return true;
  if (auto room = make_room(count); !room) return base::Unexpected(std::move(room.error()));
  while (end_ < count) {
    const auto got = reader_->read({memory() + end_, block_.size() - end_});
    if (!got) return base::Unexpected(got.error());
    if (*got == 0) return false;
    assert(*got <= block_.size() - end_);
    end_ += *got;
  }
  return true;
}

/// Puts the unconsumed bytes at the front of a block of at least `count` bytes.
base::Result<void> BlockBuffer::make_room(size_t count) {
  const base::Bytes rest = bytes();
  if (count > block_.size()) {
    auto larger = base::Mapping::anonymous(std::max(count, 2 * block_.size()));
    if (!larger) return base::Unexpected(std::move(larger.error()));
    std::memcpy(larger->data(), rest.data(), rest.size());
    block_ = std::move(*larger);
  } else {
    std::memmove(memory(), rest.data(), rest.size());
  }
  begin_ = 0;
  end_ = rest.size();
  return {};
}

}  // namespace pktana::ring
