// SPDX-License-Identifier: Apache-2.0
// A log that grows, and is renamed and begun anew on the way (query --follow): each of its lines
// once, in order, also of files that were rotated away, and compressed, between two looks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/fd.h"
#include "base/result.h"
#include "query/part_reader.h"
#include "sink/log_name.h"

namespace pktana::cli {

/// One thread.
class LogTail {
 public:
  static constexpr size_t kStepBytes = size_t{4} << 20;  ///< of lines at a time
  static constexpr size_t kMaxLineBytes = size_t{16} << 20;

  /// A log that is not there yet is waited for.
  explicit LogTail(const std::string& path);

  /// Whole lines that have come, with query::PartReader::kPadding readable bytes behind them;
  /// empty: none at present. Lifetime: until the next call.
  [[nodiscard]] base::Result<std::string_view> next();

  /// Lines whose end never came: their file was rotated away without it.
  [[nodiscard]] uint64_t torn_lines() const noexcept { return torn_; }
  /// Files of the log that were gone before they could be read, as far as their numbers tell.
  [[nodiscard]] uint64_t files_missed() const noexcept { return missed_; }

 private:
  [[nodiscard]] base::Result<std::string_view> lines_read();
  [[nodiscard]] base::Result<bool> read_more();
  [[nodiscard]] bool is_rotated() const noexcept;
  [[nodiscard]] base::Result<bool> go_on();
  [[nodiscard]] base::Result<bool> take_rotated(const sink::RotatedLog& file);
  [[nodiscard]] bool take_current();
  [[nodiscard]] std::optional<sink::RotatedLog> next_rotated() const;
  void begin(base::Fd fd, std::optional<uint64_t> sequence);
  [[nodiscard]] std::optional<uint64_t> own_sequence() const;

  const std::string path_;
  const sink::LogName name_;
  base::Fd fd_;  ///< the file that is read; none yet
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::unique_ptr<query::PartReader> packed_;  ///< of a compressed file, in place of fd_'s bytes
  uint64_t offset_ = 0;                        ///< of it, read
  std::optional<uint64_t> sequence_;           ///< its number, where that is known
  std::string buffer_;  ///< lines given out, then the beginning of the next one
  size_t given_ = 0;    ///< bytes of `buffer_` that were given out
  size_t used_ = 0;     ///< bytes of `buffer_` that are of the log
  uint64_t torn_ = 0;
  uint64_t missed_ = 0;
};

}  // namespace pktana::cli
