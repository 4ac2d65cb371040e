// SPDX-License-Identifier: Apache-2.0
// Whole blocks for writing past the page cache (open(2), O_DIRECT): collects what is written to a
// file in memory that is aligned as devices want it, together with the part of the file's last
// block that was written before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/mapping.h"

namespace pktana::sink {

// PERF NOTE: 1.25 GB of records in writes of 1 MiB cost 2.4 s of CPU through the page cache and
// 0.4 s past it, the memcpy() into here and the plain write of each one's tail included; on the
// clock 8 to 12 s beside 3 to 4 (ext4 on a virtual disk).
class DirectStage {
 public:
  /// Of memory, file offsets and lengths: what no device of today exceeds.
  static constexpr size_t kAlignment = 4096;
  /// A shorter write isn't worth a transfer of its own: the page cache gathers those.
  static constexpr size_t kFewestBytes = size_t{128} << 10;
  static constexpr size_t kMostBytes = size_t{1} << 20;  ///< that have to be copied

  /// Without memory only what needs no copy goes.
  DirectStage() noexcept;

  [[nodiscard]] static bool takes(size_t bytes) noexcept { return bytes >= kFewestBytes; }
  [[nodiscard]] std::span<char> memory() const noexcept {
    return {static_cast<char*>(memory_.data()), memory_.size()};
  }

  struct Blocks {
    std::span<const char> bytes = {};  ///< whole blocks
    uint64_t offset = 0;               ///< in the file, where a block begins
    size_t before = 0;                 ///< of them so many have been written before
  };
  /// The blocks that `bytes`, which belong at `offset`, fill up to their ends. They stay as they
  /// are until the next call. Of no bytes: there are too many for our memory.
  /// @param around memory where they are blocks as they lie, if they begin in it where `offset` is
  ///        in a block; what lies before them in that block is overwritten.
  [[nodiscard]] Blocks blocks_of(std::span<const char> bytes, uint64_t offset,
                                 std::span<char> around) noexcept;

  /// `bytes` have been written (by whatever way) and end at `end`. Each must be told of, in order.
  void note(std::span<const char> bytes, uint64_t end) noexcept;
  /// Another file, empty.
  void restart() noexcept { part_size_ = 0; }

 private:
  /// Where `bytes` with what is before them in their block begin, if they are blocks as they lie.
  [[nodiscard]] char* in_place(std::span<const char> bytes, std::span<char> around) const noexcept;

  base::Mapping memory_;
  std::array<char, kAlignment> part_{};  ///< of the block in which the file ends
  size_t part_size_ = 0;
};

}  // namespace pktana::sink
