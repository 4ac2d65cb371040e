// SPDX-License-Identifier: Apache-2.0
// How an output channel gets its lines away. LineDelivery writes on the sink's thread (capture,
// read: one output, which may hold everything up); QueuedDelivery has a thread of its own (the
// daemon: no output holds up another).
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "sink/line_buffer.h"

namespace pktana::sink {

/// Flow records of one output, and bytes of all its lines.
struct DeliveryCounts {
  uint64_t written = 0;
  uint64_t dropped_disk_full = 0;
  uint64_t dropped_output_slow = 0;  ///< no memory left for what waits: the output is too slow
  uint64_t dropped_sink_down = 0;    ///< the output failed
  uint64_t bytes_written = 0;
};

/// What becomes of an output besides its records; log files only, but for `method` and `trouble`.
struct OutputHealth {
  std::string method = {};   ///< "io_uring", "pwrite", "write", "unix"
  std::string trouble = {};  ///< what is wrong at present; empty = nothing
  uint64_t rotations = 0;
  uint64_t torn_lines = 0;  ///< last lines of files of before that had no end and were ended
  uint64_t remade = 0;      ///< times that the file or its directory was gone and made again
  uint64_t compressed = 0;  ///< rotated files
  uint64_t removed = 0;     ///< rotated files, to stay within the limits
};

/// One thread (the sink's) but for what says otherwise.
class Delivery {
 public:
  virtual ~Delivery() = default;

  /// The buffer for the next line, with room for it; lines of the other kind are sent off first.
  /// Null: there is no room, so the line is to be dropped.
  virtual LineBuffer* buffer_for(bool flows) noexcept = 0;

  /// Gets what is in the buffer on its way, or leaves it for more while much is on its way already.
  virtual void send() noexcept = 0;

  /// To be called when there is nothing else to do: takes note of what has been written.
  virtual void collect() noexcept {}

  /// Waits until all is written or dropped, as long as that has a point.
  virtual void settle() noexcept = 0;

  /// Settles and closes. The first error of its life, if that was fatal to lines.
  [[nodiscard]] virtual base::Result<void> close() = 0;

  /// Counts flow records for which there was no room, or no output any more.
  virtual void drop(uint64_t flow_records) noexcept = 0;

  /// Something waits for send(), collect() or settle().
  [[nodiscard]] virtual bool has_unwritten() const noexcept = 0;
  /// The output has failed for good. Any thread.
  [[nodiscard]] virtual bool is_down() const noexcept = 0;
  /// Output to a terminal, pipe or socket, where somebody may be waiting for each line.
  [[nodiscard]] virtual bool is_stream() const noexcept = 0;

  // Any thread.
  [[nodiscard]] virtual DeliveryCounts counts() const noexcept = 0;
  [[nodiscard]] virtual OutputHealth health() const = 0;
  virtual void rotate() noexcept {}  ///< soon; log files only
  virtual void reopen() noexcept {}  ///< looks soon whether the file at the path is still ours
};

}  // namespace pktana::sink
