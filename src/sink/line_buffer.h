// SPDX-License-Identifier: Apache-2.0
// A piece of memory that lines are formatted into, and where each of them ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sink/text.h"

namespace pktana::sink {

/// Holds the lines of one kind: flow records, or not (headers, stats). All memory is there from the
/// start. Lifetime: `memory` must outlive it.
class LineBuffer {
 public:
  explicit LineBuffer(std::span<char> memory) : memory_(memory) {
    ends_.reserve(memory.size() / kShortestLineBytes + kMostInFront);
  }

  /// Whether another line of any length fits.
  [[nodiscard]] bool has_room() const noexcept {
    return memory_.size() - used_ >= kMaxLineBytes &&
           ends_.size() + kMostInFront < ends_.capacity();
  }
  [[nodiscard]] char* next() noexcept { return memory_.data() + used_; }

  /// The record that next() was the place for ends at `end`.
  void commit(const char* end) noexcept {
    used_ = static_cast<size_t>(end - memory_.data());
    ends_.push_back(static_cast<uint32_t>(used_ - begin_));
  }
  void clear() noexcept {
    used_ = begin_ = 0;
    begins_inside_ = false;
    ends_.clear();
  }
  /// Number of the first line's record in the stream; those of the others follow. Only while empty.
  void set_first_seq(uint64_t seq) noexcept { first_seq_ = seq; }
  [[nodiscard]] uint64_t first_seq() const noexcept { return first_seq_; }  ///< 0 = no numbers

  /// Leaves the first bytes of the memory, fewer than a line may have, to whoever writes the lines.
  /// Only while empty; until clear().
  void begin_at(size_t first) noexcept { used_ = begin_ = first; }

  /// Puts what `before`, of the same kind, holds from byte `from` on in front of its own lines; the
  /// first may be the rest of one. False, and nothing is done, where begin_at() has left no room.
  [[nodiscard]] bool put_in_front(const LineBuffer& before, size_t from) noexcept;

  /// Says what the lines to come are; only while empty.
  void set_holds_flows(bool flows) noexcept { flows_ = flows; }

  [[nodiscard]] bool empty() const noexcept { return used_ == begin_; }
  [[nodiscard]] bool holds_flows() const noexcept { return flows_; }
  /// The first line is the rest of one whose beginning has been written.
  [[nodiscard]] bool begins_inside_line() const noexcept { return begins_inside_; }
  [[nodiscard]] std::span<const char> bytes() const noexcept {
    return memory_.subspan(begin_, used_ - begin_);
  }
  [[nodiscard]] uint64_t flow_records() const noexcept { return flows_ ? ends_.size() : 0; }
  /// Records that end within the first `size` bytes, and where the last of those ends.
  [[nodiscard]] size_t records_within(size_t size) const noexcept;
  [[nodiscard]] size_t lines() const noexcept { return ends_.size(); }
  [[nodiscard]] size_t end_of(size_t records) const noexcept {
    return records == 0 ? 0 : ends_[records - 1];
  }

 private:
  static constexpr size_t kShortestLineBytes = 64;
  static constexpr size_t kMostInFront = 4096 / kShortestLineBytes + 1;

  std::span<char> memory_;
  std::vector<uint32_t> ends_;  ///< from begin_ on
  size_t begin_ = 0;
  size_t used_ = 0;
  uint64_t first_seq_ = 0;
  bool flows_ = false;
  bool begins_inside_ = false;
};

}  // namespace pktana::sink
