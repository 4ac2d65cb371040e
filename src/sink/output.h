// SPDX-License-Identifier: Apache-2.0
// Where formatted bytes go: standard output, a pipe, a device, or a regular file by pwrite(2) or
// io_uring. Knows nothing of records and lines.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace pktana::sink {

/// What became of a write. Fewer bytes than given means that `error` (an errno) stopped it, save
/// for start_of_more(); what was taken stays written.
struct Written {
  size_t bytes = 0;
  int error = 0;
};

/// At most one write is under way, so that a failed one leaves no hole in front of a later one.
/// One thread.
class Output {
 public:
  virtual ~Output() = default;

  /// Starts to write `bytes` behind what was written before; they must stay as they are until
  /// wait(). Interruptions and short writes are dealt with: it goes on until all is taken or
  /// nothing more can be.
  virtual void start(std::span<const char> bytes) noexcept = 0;

  /// As start(), where more is to come: what fills no block of a regular file may be left over.
  /// Then wait() tells of fewer bytes without an error, and the next write has to begin with the
  /// rest.
  virtual void start_of_more(std::span<const char> bytes) noexcept { start(bytes); }

  /// Waits for the write that was started last, once.
  virtual Written wait() noexcept = 0;

  /// Ends the output; no write may be under way.
  virtual base::Result<void> close() = 0;

  /// Where in a block of 4096 bytes of the file what is started next will begin. Bytes in
  /// OutputTarget::buffers that begin there in a block of memory are written without a copy; what
  /// lies before them in that block is overwritten. 0 where that is all the same.
  [[nodiscard]] virtual size_t lead() const noexcept { return 0; }

  /// "io_uring", "pwrite", "write": which way it goes.
  [[nodiscard]] virtual const char* method() const noexcept = 0;
};

/// Output to one regular file at a time, from its first byte on.
class RegularFile : public Output {
 public:
  /// Closes the present file; what is written from now on goes into `fd`, which is empty. No write
  /// may be under way. The new file is taken even when closing the old one tells an error.
  virtual base::Result<void> switch_to(base::Fd fd) = 0;
};

struct OutputTarget {
  std::string path = {};  ///< "-" = standard output
  bool io_uring = true;   ///< use it for regular files where the system has it
  bool sync = false;      ///< close() waits until a regular file is on the disk
  /// Memory that all writes will come from, offered to the kernel for good (registered buffers).
  std::span<char> buffers = {};
};

/// Opens `target.path`: creates a regular file (0640 less the umask) or empties it. Not having
/// io_uring is no error. Standard output is borrowed, never closed.
[[nodiscard]] base::Result<std::unique_ptr<Output>> open_output(const OutputTarget& target);

/// The same for a file that is open and empty; `target.path` is not looked at.
[[nodiscard]] std::unique_ptr<RegularFile> make_file_output(base::Fd fd,
                                                            const OutputTarget& target);

}  // namespace pktana::sink
