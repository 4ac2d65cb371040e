// SPDX-License-Identifier: Apache-2.0
// Puts the lines that several threads find back into the order of the logs.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace pktana::query {

/// Parts are numbered from 0 and each is ended once. All functions may be called from any thread.
class OrderedLines {
 public:
  using Output = std::function<bool(std::string_view)>;

  explicit OrderedLines(Output output) : output_(std::move(output)) {}

  /// Waits until all parts before have ended, then gives the lines out and empties `lines`.
  /// @return false: the output wants no more.
  bool put(uint64_t part, std::string& lines) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return next_ == part; });
    if (open_ && !lines.empty()) open_ = output_(lines);
    lines.clear();
    return open_;
  }

  void end(uint64_t part, std::string& lines) {
    (void)put(part, lines);
    const std::lock_guard lock(mutex_);
    ++next_;
    turn_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  Output output_;
  uint64_t next_ = 0;
  bool open_ = true;
};

}  // namespace pktana::query
