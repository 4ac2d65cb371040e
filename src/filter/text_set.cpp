// SPDX-License-Identifier: Apache-2.0
#include "filter/text_set.h"

#include <bit>
#include <functional>

namespace pktana::filter {

TextSet::TextSet(const std::vector<std::string_view>& texts)
    : slots_(std::bit_ceil(texts.size() * 2 + 1)) {
  for (const std::string_view text : texts) {
    const uint64_t hash = std::hash<std::string_view>()(text);
    Slot& slot = slots_[find(text, hash)];
    if (slot.offset != 0) continue;
    slot = {.offset = text_.size() + 1,
            .length = static_cast<uint32_t>(text.size()),
            .hash = static_cast<uint32_t>(hash)};
    text_ += text;
    ++size_;
  }
}

bool TextSet::contains(std::string_view text) const noexcept {
  return slots_[find(text, std::hash<std::string_view>()(text))].offset != 0;
}

size_t TextSet::find(std::string_view text, uint64_t hash) const noexcept {
  const size_t mask = slots_.size() - 1;
  for (size_t i = (hash >> 32) & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.offset == 0) return i;
    if (slot.hash == static_cast<uint32_t>(hash) && slot.length == text.size() &&
        text == std::string_view(text_).substr(slot.offset - 1, slot.length))
      return i;
  }
}

}  // namespace pktana::filter
