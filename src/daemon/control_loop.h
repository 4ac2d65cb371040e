// SPDX-License-Identifier: Apache-2.0
// The daemon while it runs: takes signals and the kernel's news of interfaces, tells the service
// manager how it is, and has stats events written when they are due.
#pragma once

#include <csignal>

#include "daemon/config_file.h"
#include "daemon/control_server.h"
#include "daemon/daemon_log.h"
#include "daemon/interface_watch.h"
#include "daemon/metrics_server.h"
#include "daemon/notifier.h"
#include "daemon/plugins.h"
#include "daemon/signal_queue.h"
#include "daemon/succession.h"
#include "daemon/vitals.h"
#include "engine/live_session.h"
#include "ring/link_watch.h"

namespace pktana::daemon {

/// What the loop works with. Lifetime: all of it must outlive the loop.
struct ControlParts {
  const ConfigRequest& request;
  LoadedConfig& loaded;  ///< a reload changes what can be changed
  DaemonLog& log;
  Notifier& notifier;
  SignalQueue& signals;
  ring::LinkWatch& links;
  InterfaceWatch& interfaces;
  engine::LiveSession& session;
  Succession& succession;
  Plugins* plugins;  ///< null = none
};

class ControlLoop final : private ControlTarget {
 public:
  explicit ControlLoop(const ControlParts& parts);

  /// Until SIGTERM or SIGINT, or until nothing can go on any more.
  /// @return false: it ended by itself.
  [[nodiscard]] bool run();

  [[nodiscard]] uint64_t reloads() const noexcept { return reloads_; }
  [[nodiscard]] bool last_reload_good() const noexcept { return last_reload_good_; }

 private:
  [[nodiscard]] DaemonFacts facts() override;
  [[nodiscard]] engine::Ledger ledger() override { return parts_.session.collect(); }
  [[nodiscard]] std::string_view source_name(uint16_t source_id) override {
    return parts_.session.source_name(source_id);
  }
  [[nodiscard]] base::Result<std::unique_ptr<engine::FlowListing>> list_flows(
      const engine::ListingOptions& options) override {
    return parts_.session.list_flows(options);
  }
  void rotate() override;
  bool reload() override;
  void set_log_level(LogLevel level) override { parts_.log.set_level(level); }
  void shut_down() override { ending_ = true; }

  void open_control();
  /// Tried again until it succeeds: an address may come later than the daemon.
  void open_metrics();
  [[nodiscard]] int64_t pulse_interval_ns() const noexcept;
  void feel_pulse();
  /// Says what is wrong with outputs, and when it is over.
  void look_at_outputs();
  void wait();
  void take_signals();
  void take_link_events();
  void take_time();
  [[nodiscard]] std::string status_text();

  ControlParts parts_;
  std::unique_ptr<ControlServer> control_;  ///< null = none
  std::unique_ptr<MetricsServer> metrics_;  ///< null = none, or not yet
  bool metrics_failed_ = false;
  bool alive_ = true;  ///< by the last sign of life
  Pulse pulse_;
  Rates rates_;
  bool ending_ = false;
  bool failed_ = false;
  std::vector<std::string> troubles_;  ///< of each output, said already
  bool said_pwrite_ = false;
  uint64_t reloads_ = 0;
  bool last_reload_good_ = true;
  int64_t next_pulse_ns_ = 0;  ///< monotonic, as the rest
  int64_t next_status_ns_ = 0;
  int64_t next_retry_ns_ = 0;
  int64_t next_stats_ns_ = 0;
};

}  // namespace pktana::daemon
