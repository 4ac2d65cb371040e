// SPDX-License-Identifier: Apache-2.0
// Where an output's own thread puts lines: a log file that rotates, a socket that comes and goes,
// a pipe that may be full. Knows lines only as far as it must not tear them.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "sink/delivery.h"
#include "sink/line_buffer.h"

namespace pktana::sink {

/// One thread (the output's), but rotate(), reopen() and health() from any.
class LineTarget {
 public:
  /// How far into the buffer it came. With an error (an errno) it is worth trying again from there;
  /// EAGAIN means that nothing is wrong but there was no room. The place may lie before `from`,
  /// where a line has to begin anew.
  struct Progress {
    size_t position = 0;
    int error = 0;
  };

  virtual ~LineTarget() = default;

  /// Writes lines, from byte `from` on, which is 0 or what the call before gave back. Waits for
  /// room, if at all, not longer than kPatienceMs.
  virtual Progress put(const LineBuffer& buffer, size_t from) noexcept = 0;

  /// Between two buffers, at least twice a second. Whether something is wrong: an errno, or 0.
  virtual int tick() noexcept { return 0; }

  virtual base::Result<void> close() = 0;

  /// No try after this error can help: a pipe whose reader is gone.
  [[nodiscard]] virtual bool is_final(int /*error*/) const noexcept { return false; }
  [[nodiscard]] virtual bool is_stream() const noexcept { return true; }

  virtual void rotate() noexcept {}
  virtual void reopen() noexcept {}
  /// All but `trouble`.
  [[nodiscard]] virtual OutputHealth health() const = 0;

 protected:
  static constexpr int kPatienceMs = 200;
};

}  // namespace pktana::sink
