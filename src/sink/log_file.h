// SPDX-License-Identifier: Apache-2.0
// The daemon's current log file: begun with a header, rotated by rename, never truncated, made
// again when somebody removes or replaces it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <sys/types.h>

#include "base/counter.h"
#include "sink/file_header.h"
#include "sink/line_target.h"
#include "sink/log_directory.h"
#include "sink/log_name.h"
#include "sink/output.h"

namespace pktana::sink {

struct LogFileSetup {
  std::string path = {};
  LogFileOptions log = {};
  Format format = Format::Eve;
  std::string host = {};
  std::string first_line = {};  ///< of each file, where the format has one (CSV)
  bool io_uring = true;
  bool sync = false;
  std::span<char> buffers = {};           ///< that all lines will come from
  std::function<void()> on_rotated = {};  ///< called on the output's thread
};

/// Lines are whole in every file: a write that was cut short goes on where it stopped, and rotation
/// waits for the line's end. Any error is worth another try, at the same place of the same file.
class LogFile final : public LineTarget {
 public:
  /// Rotates away what an earlier process left at the path, its torn last line ended, and begins a
  /// file of its own.
  [[nodiscard]] static base::Result<std::unique_ptr<LogFile>> open(
      LogFileSetup setup, std::shared_ptr<LogDirectory> directory);

  Progress put(const LineBuffer& buffer, size_t from) noexcept override;
  int tick() noexcept override;
  base::Result<void> close() override;
  [[nodiscard]] bool is_stream() const noexcept override { return false; }

  void rotate() noexcept override { rotate_wanted_.store(true, std::memory_order_relaxed); }
  void reopen() noexcept override { look_wanted_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] OutputHealth health() const override;

 private:
  LogFile(LogFileSetup setup, std::shared_ptr<LogDirectory> directory);

  /// Takes care of the file before a line begins in it; 0 or an errno.
  [[nodiscard]] int prepare() noexcept;
  [[nodiscard]] bool is_due(int64_t now_ns) const noexcept;
  /// Whether the file at the path is the one that is written.
  [[nodiscard]] bool is_in_place() const noexcept;
  [[nodiscard]] base::Result<void> move_away(uint64_t sequence);
  /// What lies at the path, though not ours: ends its last line and moves it out of the way.
  [[nodiscard]] base::Result<void> clear_path();
  [[nodiscard]] base::Result<void> begin_file();
  [[nodiscard]] base::Result<void> rotate_now();
  [[nodiscard]] int write_header() noexcept;
  [[nodiscard]] size_t lines_that_fit(const LineBuffer& buffer, size_t from) const noexcept;

  const LogFileSetup setup_;
  const LogName name_;
  const std::shared_ptr<LogDirectory> directory_;  ///< shared with the other logs in it
  std::unique_ptr<RegularFile> file_;
  FileHeader header_;
  std::string header_rest_;  ///< what is yet to be written of it
  uint64_t file_bytes_ = 0;
  bool has_lines_ = false;  ///< behind the header
  bool has_file_ = false;
  int64_t due_ns_ = 0;    ///< end of the interval; 0 = none
  int64_t retry_ns_ = 0;  ///< after a rotation that failed: not before
  dev_t device_ = 0;
  ino_t inode_ = 0;

  std::atomic<bool> rotate_wanted_{false};
  std::atomic<bool> look_wanted_{false};
  base::Counter rotations_;
  base::Counter torn_lines_;
  base::Counter remade_;
};

}  // namespace pktana::sink
