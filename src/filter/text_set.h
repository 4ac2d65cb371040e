// SPDX-License-Identifier: Apache-2.0
// A set of texts, made once and then only asked: names from a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::filter {

/// All texts in one piece of memory behind an open-addressed table. Threads: const, shareable.
class TextSet {
 public:
  explicit TextSet(const std::vector<std::string_view>& texts);

  /// Cost: one hash of the text and mostly one comparison; no allocation.
  [[nodiscard]] bool contains(std::string_view text) const noexcept;

  [[nodiscard]] size_t size() const noexcept { return size_; }

 private:
  struct Slot {
    uint64_t offset = 0;  ///< in text_, plus 1; 0 = empty
    uint32_t length = 0;
    uint32_t hash = 0;
  };

  /// The slot that holds the text, or the empty one where it belongs.
  [[nodiscard]] size_t find(std::string_view text, uint64_t hash) const noexcept;

  std::string text_;
  std::vector<Slot> slots_;  ///< a power of two, at most half full
  size_t size_ = 0;
};

}  // namespace pktana::filter
