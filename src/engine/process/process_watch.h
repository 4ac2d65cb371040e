// SPDX-License-Identifier: Apache-2.0
// A thread that keeps the table of who owns which socket: all sockets on an interval, and each new
// connection of this machine as it is opened. Far from the packet path.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "engine/process/flow_tap.h"
#include "engine/process/owner_table.h"
#include "engine/process/proc_files.h"
#include "engine/process/sock_diag.h"

namespace pktana::engine {

/// Takes a fifth of one CPU at most: when looking takes long, it looks more rarely.
class ProcessWatch {
 public:
  /// Lists all sockets once, then starts the thread. Needs CAP_NET_RAW; and to see processes of
  /// other users CAP_SYS_PTRACE.
  [[nodiscard]] static base::Result<std::unique_ptr<ProcessWatch>> start();

  ProcessWatch(const ProcessWatch&) = delete;
  ProcessWatch& operator=(const ProcessWatch&) = delete;
  ~ProcessWatch();

  [[nodiscard]] const OwnerTable& owners() const noexcept { return owners_; }

 private:
  struct Holder {
    std::shared_ptr<const ProcessInfo> process;
    bool is_shared = false;
  };

  ProcessWatch(SockDiag diag, FlowTap tap, base::Fd stop);

  void run() noexcept;
  /// All sockets, all processes.
  void look_at_all();
  /// The same. @return when to do it again, monotonic.
  [[nodiscard]] int64_t look_at_all_and_plan();
  /// What the tap has seen.
  void look_at_new();
  void look_at_udp(const std::unordered_set<SocketTuple, SocketTupleHash>& wanted);
  /// Notes who holds the socket, by a search for its inode if that is not known yet.
  void note(const SocketInfo& socket, int64_t now_ns);
  [[nodiscard]] const Holder* find_holder(uint32_t inode);
  [[nodiscard]] bool search_process(uint32_t pid, uint32_t inode);
  void refresh_holders();
  void refresh_addresses();
  [[nodiscard]] std::shared_ptr<const ProcessInfo> process_of(uint32_t pid);

  SockDiag diag_;
  FlowTap tap_;
  ProcFiles files_;
  OwnerTable owners_;
  std::unordered_map<uint32_t, Holder> holders_;  ///< by inode
  std::unordered_map<uint32_t, std::shared_ptr<const ProcessInfo>> processes_;
  std::vector<uint32_t> lately_;  ///< pids whose sockets were asked for last, the latest first
  base::Fd stop_;                 ///< an eventfd: readable = end
  std::thread thread_;
};

}  // namespace pktana::engine
