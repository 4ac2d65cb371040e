// SPDX-License-Identifier: Apache-2.0
// Which processes hold a socket, and what they are called: /proc/PID/fd, comm, exe, cgroup.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::engine {

struct ProcessInfo {
  uint32_t pid = 0;
  std::string name;       ///< comm: at most 15 bytes
  std::string exe;        ///< path of the program; empty = not allowed to know
  std::string container;  ///< id, as docker, podman, containerd and cri-o name their groups
};

/// Never an argument of the command line: they may hold secrets.
class ProcFiles {
 public:
  /// @param root "/proc"; tests have another.
  explicit ProcFiles(std::string root = "/proc") : root_(std::move(root)) {}

  /// All processes, the youngest first (by number).
  [[nodiscard]] std::vector<uint32_t> list() const;

  /// Inodes of all sockets that the process holds; nothing when it has gone or is another user's.
  void visit_sockets(uint32_t pid, const std::function<void(uint32_t inode)>& visit) const;

  [[nodiscard]] ProcessInfo read(uint32_t pid) const;

 private:
  std::string root_;
};

/// The container's id in the text of /proc/PID/cgroup: its innermost part of 64 hex digits; empty =
/// in no container.
[[nodiscard]] std::string container_in(std::string_view cgroup_text);

}  // namespace pktana::engine
