// SPDX-License-Identifier: Apache-2.0
// How one daemon follows another without a loss: takes over the rings and flows that the one before
// has left with the service manager, or the flows that it left on the disk, and leaves its own.
#pragma once

#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/daemon_log.h"
#include "daemon/heritage.h"
#include "daemon/interface_watch.h"
#include "daemon/notifier.h"
#include "daemon/state_directory.h"
#include "engine/live_session.h"

namespace pktana::daemon {

/// Lifetime: what it is made with must outlive it.
class Succession {
 public:
  Succession(const Config& config, const Notifier& notifier, const StateDirectory& state,
             DaemonLog& log);

  /// What the session is to be told before it is opened.
  [[nodiscard]] engine::KeepOptions keep_options() const;
  /// LiveOptions::on_ring: a new ring goes into the manager's keeping.
  void on_ring(size_t interface, size_t worker, int fd);

  /// Before the session starts: flows, records and rings of the process before us. What does not
  /// fit is let go.
  void take_over(engine::LiveSession& session, InterfaceWatch& interfaces);

  /// Now and then: lets go of the last process's state when ours is whole, and saves the flows to
  /// the disk when that is due.
  void look_after(engine::LiveSession& session, int64_t now_ns);

  /// How the session is to end.
  [[nodiscard]] engine::LiveSession::End end() const;
  /// After its end.
  void finish(engine::LiveSession& session);

  void set_checkpoint_interval(int64_t interval_ns) noexcept { checkpoint_ns_ = interval_ns; }

 private:
  void take_flows(engine::LiveSession& session, std::vector<engine::KeptState>& states);
  /// @param index of the interface now; 0 = all.
  [[nodiscard]] bool take_rings(size_t interface, unsigned index, engine::LiveSession& session,
                                const std::vector<engine::KeptState>& states);
  void store_state(engine::LiveSession& session);
  void save_flows(engine::LiveSession& session, bool sync);

  const Config& config_;
  const Notifier& notifier_;
  const StateDirectory& state_;
  DaemonLog& log_;
  bool has_store_ = false;
  Heritage heritage_;
  uint64_t generation_ = 1;
  std::string setup_;
  std::vector<std::string> outdated_;  ///< names in the manager's keeping
  bool adopting_ = false;              ///< rings that come are in its keeping already
  int64_t checkpoint_ns_ = 0;
  int64_t next_checkpoint_ns_ = 0;  ///< monotonic
};

}  // namespace pktana::daemon
