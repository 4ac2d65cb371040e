// SPDX-License-Identifier: Apache-2.0
// MPLS label stack. What is below it the stack does not say; decode() looks at the first bytes.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class MplsView {
  static constexpr size_t kEntryLen = 4;
  static constexpr unsigned kLabelShift = 12;
  static constexpr uint32_t kBottom = 0x100;

 public:
  /// Entries walked; real stacks have up to about ten.
  static constexpr unsigned kMaxEntries = 16;

  /// Label stack (RFC 3032 section 2.1), down to the entry with the bottom bit. View over `bytes`,
  /// no copy.
  /// @param bytes first byte of the stack to the last captured one; may be cut at any byte.
  /// @return Truncated if the bottom entry is not there; Unsupported if there are more than
  ///         kMaxEntries.
  /// Lifetime: valid while `bytes` is. Cost: O(entries), no allocation.
  [[nodiscard]] static Result<MplsView> parse(base::Bytes bytes) noexcept {
    for (size_t at = 0; at < kMaxEntries * kEntryLen; at += kEntryLen) {
      if (bytes.size() < at + kEntryLen) return ParseError::Truncated;
      if ((base::load_be<uint32_t>(bytes.data() + at) & kBottom) != 0)
        return MplsView(bytes.first(at + kEntryLen));
    }
    return ParseError::Unsupported;
  }

  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] uint32_t top_label() const noexcept {
    return base::load_be<uint32_t>(bytes_.data()) >> kLabelShift;
  }
  [[nodiscard]] uint32_t bottom_label() const noexcept {
    return base::load_be<uint32_t>(bytes_.data() + bytes_.size() - kEntryLen) >> kLabelShift;
  }

 private:
  explicit MplsView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  base::Bytes bytes_;  // the stack, whole
};

}  // namespace pktana::parse
