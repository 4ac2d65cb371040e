// SPDX-License-Identifier: Apache-2.0
// The directory of log files, which one process at a time may write to: made when it is missing,
// locked with flock(2), made and locked again when somebody removes it.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <sys/types.h>

#include "base/fd.h"
#include "base/result.h"

namespace pktana::sink {

/// Shared by the log files in it. Any thread.
class LogDirectory {
 public:
  /// Operation of the error that another process holds the directory; its detail names the pid.
  static constexpr const char* kLockOperation = "lock log directory";

  /// Missing directories are made with mode 0750 less the umask.
  [[nodiscard]] static base::Result<std::shared_ptr<LogDirectory>> open(const std::string& path);

  LogDirectory(const LogDirectory&) = delete;
  LogDirectory& operator=(const LogDirectory&) = delete;
  ~LogDirectory();

  /// Makes and locks it anew if what is at the path is not the directory that was locked.
  [[nodiscard]] base::Result<void> ensure();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Whether `other` names the same directory.
  [[nodiscard]] bool is_same(const std::string& other) const;

 private:
  explicit LogDirectory(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] base::Result<void> lock();
  [[nodiscard]] bool is_there() const noexcept;

  const std::string path_;
  mutable std::mutex mutex_;
  base::Fd fd_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace pktana::sink
