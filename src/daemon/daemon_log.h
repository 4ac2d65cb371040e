// SPDX-License-Identifier: Apache-2.0
// The daemon's own log: what went wrong or changed, once each. To stderr, with systemd's priority
// prefixes where that is the journal, or to a file. The one place of daemon/ that knows spdlog.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "daemon/config.h"

namespace pktana::daemon {

/// Any thread. A line that was written within the last 10 s is not written again, but counted: the
/// next one of its kind says how many there were.
class DaemonLog {
 public:
  DaemonLog();  ///< to stderr
  ~DaemonLog();
  DaemonLog(const DaemonLog&) = delete;
  DaemonLog& operator=(const DaemonLog&) = delete;

  /// Takes over level and file, which it opens anew. On failure the log stays as it was.
  [[nodiscard]] base::Result<void> configure(const LogConfig& config);
  void set_level(LogLevel level);

  void debug(std::string_view text) { write(LogLevel::Debug, text); }
  void info(std::string_view text) { write(LogLevel::Info, text); }
  void warning(std::string_view text) { write(LogLevel::Warning, text); }
  void error(std::string_view text) { write(LogLevel::Error, text); }
  void error(const base::Error& error) { write(LogLevel::Error, base::to_string(error)); }

 private:
  struct Lines;
  void write(LogLevel level, std::string_view text);

  std::unique_ptr<Lines> lines_;
};

}  // namespace pktana::daemon
