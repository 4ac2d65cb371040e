// SPDX-License-Identifier: Apache-2.0
// One direction of a TCP connection, put back in order for a dissector: hands out bytes that are
// next, keeps segments that came too early, says what is missing for good. Bounded; what the first
// segment to bring a byte said of it counts, later ones with other content do not (RFC 9293
// section 3.10.7.4 leaves it to the receiver).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/memory_budget.h"

namespace pktana::app {

/// What a stream keeps of segments that came too early.
struct StreamLimits {
  uint32_t early_segments = 64;
  uint32_t early_bytes = 65536;
};

class Stream {
 public:
  /// `budget` must outlive the stream.
  explicit Stream(MemoryBudget& budget, StreamLimits limits = {}) noexcept
      : budget_(budget), limits_(limits) {}
  ~Stream() { drop_all(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  [[nodiscard]] bool begun() const noexcept { return begun_; }
  /// @param seq sequence number of the stream's first byte.
  void begin(uint32_t seq) noexcept {
    next_ = seq;
    begun_ = true;
  }

  /// @return the part of the segment that is next in order: of `payload`, empty if it is old or
  /// early. Early ones are kept, if there is room.
  [[nodiscard]] std::span<const uint8_t> accept(uint32_t seq, std::span<const uint8_t> payload);

  /// An early segment whose turn has come: moved into `out`. False: none.
  [[nodiscard]] bool take_next_early(std::vector<uint8_t>& out);

  /// Bytes that will never come: everything before the first early segment, because the other side
  /// has acknowledged them (`acked`) or because no more can be kept. 0 = none; the stream then goes
  /// on at the early segment.
  [[nodiscard]] uint64_t take_gap(uint32_t acked) noexcept;
  [[nodiscard]] uint64_t take_gap_if_full() noexcept;
  /// The same at the end of the flow: nobody has said that they came, but they never will.
  [[nodiscard]] uint64_t take_last_gap() noexcept { return early_.empty() ? 0 : jump_to_early(); }
  /// `len` bytes in order were not captured.
  void skip(uint32_t len) noexcept { next_ += len; }

  void set_end(uint32_t seq) noexcept {
    end_ = seq;
    end_known_ = true;
  }
  /// FIN has been seen and everything before it.
  [[nodiscard]] bool ended() const noexcept { return end_known_ && next_ == end_; }
  [[nodiscard]] uint32_t next_seq() const noexcept { return next_; }

 private:
  struct Early {
    uint32_t seq;
    std::vector<uint8_t> bytes;
  };

  void keep_early(uint32_t seq, std::span<const uint8_t> payload);
  void drop_all() noexcept;
  [[nodiscard]] uint64_t jump_to_early() noexcept;

  // What each segment reads comes first.
  uint32_t next_ = 0;
  uint32_t end_ = 0;
  bool begun_ = false;
  bool end_known_ = false;
  bool full_ = false;         ///< an early segment found no room
  std::vector<Early> early_;  ///< by sequence number
  size_t early_bytes_ = 0;
  MemoryBudget& budget_;
  StreamLimits limits_;
};

}  // namespace pktana::app
