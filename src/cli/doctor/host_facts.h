// SPDX-License-Identifier: Apache-2.0
// What the checks need and no file tells: answers of system calls. Plain data, so that a test can
// make up a machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ring/interfaces.h"
#include "ring/link_details.h"

namespace pktana::cli {

/// The capture that is planned.
struct Plan {
  std::vector<std::string> interfaces;  ///< as named by the user; empty = none was named
  unsigned threads = 1;
  uint64_t ring_bytes = 0;  ///< per thread and interface
  std::string log_path;     ///< where records are to be written
};

struct LinkFacts {
  ring::Interface interface;
  ring::LinkDetails details;
};

struct DiskFacts {
  std::string path;  ///< the nearest directory that is there
  uint64_t free_bytes = 0;
  uint64_t total_bytes = 0;
};

struct HostFacts {
  std::string kernel_release;
  std::string program_path;
  int packet_socket_errno = 0;   ///< of socket(AF_PACKET); 0 = it works
  int io_uring_errno = 0;        ///< of io_uring_setup; 0 = it works
  int landlock_abi = 0;          ///< 0 = no Landlock
  uint64_t memlock_bytes = 0;    ///< RLIMIT_MEMLOCK; UINT64_MAX = unlimited
  bool may_lock_memory = false;  ///< CAP_IPC_LOCK: the limit does not hold
  unsigned cpus = 1;             ///< that this process may run on
  std::optional<DiskFacts> disk;
  std::vector<LinkFacts> links;  ///< all of this network namespace
};

[[nodiscard]] HostFacts gather_host_facts(const Plan& plan);

}  // namespace pktana::cli
