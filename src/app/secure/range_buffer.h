// SPDX-License-Identifier: Apache-2.0
// Puts a stream of bytes together from pieces that come in any order, doubled or overlapping: the
// CRYPTO frames of QUIC, the handshake fragments of DTLS. Bounded in bytes and in holes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/dissector.h"

namespace pktana::app::secure {

class RangeBuffer {
 public:
  static constexpr size_t kMaxRanges = 64;  ///< separate pieces held at a time

  /// @param limit  bytes from offset 0 that are kept.
  explicit RangeBuffer(uint32_t limit = 65536) noexcept : limit_(limit) {}

  /// False if the piece lies beyond the limit or would be one piece too many: it is not kept. Where
  /// pieces overlap the first one counts.
  bool insert(uint64_t offset, Bytes piece);

  /// The bytes from offset 0 up to the first hole. Lifetime: until the next insert or clear.
  [[nodiscard]] Bytes contiguous() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  void clear() noexcept;

 private:
  struct Range {
    uint32_t begin;
    uint32_t end;
  };
  void fill(size_t begin, size_t end, Bytes piece) noexcept;
  bool merge(uint32_t begin, uint32_t end) noexcept;

  uint32_t limit_;
  std::vector<uint8_t> data_;
  std::array<Range, kMaxRanges> range_{};  // sorted, with a hole between any two
  size_t count_ = 0;
};

}  // namespace pktana::app::secure
