// SPDX-License-Identifier: Apache-2.0
// Looks after rotated log files on a thread of its own: compresses them after a grace period,
// removes the oldest ones when there are too many, they are too old or the disk fills up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "base/counter.h"
#include "base/result.h"
#include "sink/delivery.h"
#include "sink/log_name.h"
#include "sink/output_options.h"

namespace pktana::sink {

class LogKeeper {
 public:
  LogKeeper() = default;
  LogKeeper(const LogKeeper&) = delete;
  LogKeeper& operator=(const LogKeeper&) = delete;
  ~LogKeeper();  ///< a file that is being compressed stays as it was

  /// Before start(). False: there is one of that name in that directory already.
  [[nodiscard]] bool add(const LogName& log, const LogFileOptions& options);

  /// No thread if none of the logs has limits or compression.
  [[nodiscard]] base::Result<void> start();

  /// There is a new rotated file. Any thread.
  void wake() noexcept;

  /// Fills in what it has done with the log at this path. Any thread.
  void add_to(const std::string& path, OutputHealth& health) const;

 private:
  struct Log {
    std::string path;
    LogName name;
    LogFileOptions options;
    base::Counter compressed;
    base::Counter removed;
  };
  struct KeptFile {
    RotatedLog file;
    std::string path;
    uint64_t bytes = 0;
    int64_t rotated_ns = 0;  ///< by the last change of its name
    int64_t written_ns = 0;
  };

  void run();
  void look_after(Log& log);
  [[nodiscard]] static std::deque<KeptFile> files_of(const Log& log);
  static void remove_leftovers(const Log& log);
  void remove_beyond_limits(Log& log, std::deque<KeptFile>& files) const;
  void compress_due(Log& log, const std::deque<KeptFile>& files) const;

  std::deque<Log> logs_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wake_ = false;  ///< guarded by mutex_
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace pktana::sink
