// SPDX-License-Identifier: Apache-2.0
#include "sink/direct_stage.h"

#include <cstring>
#include <utility>

namespace pktana::sink {

DirectStage::DirectStage() noexcept {
  if (auto memory = base::Mapping::anonymous(kMostBytes + kAlignment)) memory_ = std::move(*memory);
}

DirectStage::Blocks DirectStage::blocks_of(std::span<const char> bytes, uint64_t offset) noexcept {
  char* const memory = static_cast<char*>(memory_.data());
  std::memcpy(memory, part_.data(), part_size_);
  std::memcpy(memory + part_size_, bytes.data(), bytes.size());
  const size_t whole = (part_size_ + bytes.size()) / kAlignment * kAlignment;
  return {.bytes = {memory, whole}, .offset = offset - part_size_, .before = part_size_};
}

void DirectStage::note(std::span<const char> bytes, uint64_t end) noexcept {
  const size_t part = end % kAlignment;
  if (bytes.size() >= part) {
    if (part > 0) std::memcpy(part_.data(), bytes.data() + bytes.size() - part, part);
  } else {
    // All of them lie in the last block, behind what is kept of it.
    std::memcpy(part_.data() + part_size_, bytes.data(), bytes.size());
  }
  part_size_ = part;
}

}  // namespace pktana::sink
