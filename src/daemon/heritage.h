// SPDX-License-Identifier: Apache-2.0
// The descriptors that a process before us has left with the service manager: rings, and what its
// workers knew. Their names say what they are.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "engine/kept_state.h"

namespace pktana::daemon {

struct NamedFd {
  std::string name;
  base::Fd fd;
};

/// Those of the environment (sd_listen_fds(3)), which loses its variables.
[[nodiscard]] std::vector<NamedFd> take_listen_fds();

/// "ring-INTERFACE-WORKER".
[[nodiscard]] std::string ring_name(const std::string& interface, size_t worker);
/// "state-GENERATION-WORKER-FILE"; a generation is a process.
[[nodiscard]] std::string state_name(uint64_t generation, size_t worker, size_t file);

class Heritage {
 public:
  Heritage() = default;
  explicit Heritage(std::vector<NamedFd> fds) : fds_(std::move(fds)) {}

  [[nodiscard]] bool is_empty() const noexcept { return fds_.empty(); }
  /// One above those of the processes before us.
  [[nodiscard]] uint64_t next_generation() const;
  /// What worker i knew last, of whichever process; epoch 0 = nothing.
  [[nodiscard]] engine::KeptState state_of(size_t worker) const;
  /// The ring, out of the heritage; none if there is none.
  [[nodiscard]] base::Fd take_ring(const std::string& interface, size_t worker);
  [[nodiscard]] bool has_ring(const std::string& interface, size_t worker) const;

  /// Names of all that came and has not been taken.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  [[nodiscard]] int find(const std::string& name) const noexcept;

  std::vector<NamedFd> fds_;
};

/// The interface that a packet socket is bound to; 0 = all, or none (it was removed).
[[nodiscard]] unsigned bound_interface(int fd) noexcept;

}  // namespace pktana::daemon
