// SPDX-License-Identifier: Apache-2.0
#include "sink/direct_stage.h"

#include <cstring>
#include <functional>
#include <utility>

namespace pktana::sink {

DirectStage::DirectStage() noexcept {
  if (auto memory = base::Mapping::anonymous(kMostBytes + kAlignment)) memory_ = std::move(*memory);
}

char* DirectStage::in_place(std::span<const char> bytes, std::span<char> around) const noexcept {
  const std::less<const char*> before;
  const char* const end = bytes.data() + bytes.size();
  if (before(bytes.data(), around.data()) || before(around.data() + around.size(), end))
    return nullptr;
  const auto first = static_cast<size_t>(bytes.data() - around.data());
  if (first < part_size_) return nullptr;
  char* const front = around.data() + first - part_size_;
  return reinterpret_cast<uintptr_t>(front) % kAlignment == 0 ? front : nullptr;
}

DirectStage::Blocks DirectStage::blocks_of(std::span<const char> bytes, uint64_t offset,
                                           std::span<char> around) noexcept {
  char* front = in_place(bytes, around);
  if (front == nullptr) {
    if (bytes.size() > kMostBytes || memory_.size() == 0) return {};
    front = static_cast<char*>(memory_.data());
    std::memcpy(front + part_size_, bytes.data(), bytes.size());
  }
  std::memcpy(front, part_.data(), part_size_);
  const size_t whole = (part_size_ + bytes.size()) / kAlignment * kAlignment;
  return {.bytes = {front, whole}, .offset = offset - part_size_, .before = part_size_};
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
