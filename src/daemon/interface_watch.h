// SPDX-License-Identifier: Apache-2.0
// Keeps the capture on its interfaces whatever happens to them: absent at start, removed and made
// again, down and up, renamed. Decides by the kernel's events; the rings are a port's business.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "daemon/daemon_log.h"
#include "ring/interfaces.h"
#include "ring/link_watch.h"

namespace pktana::daemon {

/// Times that something happened to an interface since the start.
struct InterfaceCounts {
  uint64_t attached = 0;  ///< rings were made for it: once at the start, then after each removal
  uint64_t removed = 0;
  uint64_t downs = 0;
  uint64_t ups = 0;
  uint64_t renames = 0;
  uint64_t failures = 0;  ///< attempts to make rings that failed
};

struct WatchedInterface {
  std::string name;      ///< as configured
  std::string now_name;  ///< as it is called now
  unsigned index = 0;    ///< 0 = not there
  bool up = false;
  bool attached = false;
  InterfaceCounts counts = {};
};

class InterfaceWatch {
 public:
  struct Port {
    std::function<base::Result<void>(size_t)> attach;  ///< make rings for interface i
    std::function<void(size_t)> detach;                ///< it is gone
  };

  InterfaceWatch(const std::vector<std::string>& names, Port port, DaemonLog& log);

  /// The interface has rings of a process before us; they hang on this index.
  void adopted(size_t interface, unsigned index);
  /// What there is, at the start and whenever events were lost.
  void resync(const std::vector<ring::Interface>& present);
  void on_event(const ring::LinkEvent& event);
  /// Tries again what has failed; to be called now and then.
  void retry();

  [[nodiscard]] const std::vector<WatchedInterface>& interfaces() const noexcept {
    return interfaces_;
  }
  /// Interfaces that are captured from.
  [[nodiscard]] size_t attached() const noexcept;

 private:
  void appear(size_t place, const ring::LinkEvent& event);
  void change(WatchedInterface& interface, const ring::LinkEvent& event);
  void vanish(size_t place);
  void try_attach(size_t place);

  std::vector<WatchedInterface> interfaces_;
  Port port_;
  DaemonLog& log_;
};

}  // namespace pktana::daemon
