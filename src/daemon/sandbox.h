// SPDX-License-Identifier: Apache-2.0
// What the process gives up once all is open: capabilities, new privileges, the file system but for
// its directories (Landlock), system calls that it has no use for (seccomp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "daemon/config.h"

namespace pktana::daemon {

struct SandboxPaths {
  std::vector<std::string> write;  ///< directories, with all that is below
  std::vector<std::string> read;   ///< files and directories
  std::optional<uint16_t> listen;  ///< the one TCP port that may be listened on
};

/// What was given up, in words, and what could not be.
struct SandboxReport {
  std::vector<std::string> done;
  std::vector<base::Error> missing;
};

/// While the process has one thread: those that come inherit it. Packet sockets can't be opened any
/// more.
/// @return an Error only where `mode` is Strict and something is missing.
[[nodiscard]] base::Result<SandboxReport> enter_sandbox(SandboxMode mode,
                                                        const SandboxPaths& paths);

/// The directories and files that a daemon with this configuration needs.
[[nodiscard]] SandboxPaths sandbox_paths(const Config& config, const std::string& config_file);

/// The steps, each by itself.
[[nodiscard]] base::Result<void> drop_capabilities();
/// @return the Landlock ABI that was used.
[[nodiscard]] base::Result<int> restrict_files(const SandboxPaths& paths);
/// Those of the whole process.
[[nodiscard]] base::Result<void> filter_system_calls();
/// Those of a worker's thread, which calls it: it takes packets and counts, and opens nothing.
[[nodiscard]] base::Result<void> filter_worker_calls();

}  // namespace pktana::daemon
