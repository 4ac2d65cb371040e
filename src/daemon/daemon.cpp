// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon.h"

#include <algorithm>

#include <sys/resource.h>

#include <fmt/format.h>

#include "daemon/control_loop.h"
#include "daemon/plugins.h"
#include "daemon/run_mapping.h"
#include "daemon/sandbox.h"
#include "daemon/state_directory.h"
#include "daemon/succession.h"
#include "ring/interfaces.h"
#include "sink/log_directory.h"

namespace pktana::daemon {
namespace {

constexpr size_t kOtherFiles = 24;   ///< open files that are no sockets of rings, about
constexpr size_t kSocketRounds = 8;  ///< times that an interface can be made again

/// As many as the limit of open files leaves room for, but at least one for each ring.
size_t sockets_wanted(size_t rings) {
  rlimit limit{};
  const bool known = ::getrlimit(RLIMIT_NOFILE, &limit) == 0;
  const size_t room = known && limit.rlim_cur > kOtherFiles ? limit.rlim_cur - kOtherFiles : 0;
  return std::clamp(room / 2, rings, rings * kSocketRounds);
}

/// Another daemon has the log's directory, or a plugin is none: trying again would not help.
bool is_lasting(const base::Error& error) {
  return error.operation == sink::LogDirectory::kLockOperation ||
         error.operation == app::PluginSet::kLoadOperation;
}

/// The way from a configuration to a run that is over, step by step.
class Daemon {
 public:
  explicit Daemon(const ConfigRequest& request) : request_(request) {}

  DaemonEnd run() {
    if (!read_configuration()) return DaemonEnd::BadConfig;
    if (auto opened = open(); !opened) {
      log_.error(opened.error());
      return is_lasting(opened.error()) ? DaemonEnd::BadConfig : DaemonEnd::Failed;
    }
    session_->start();
    ControlLoop loop({.request = request_,
                      .loaded = loaded_,
                      .log = log_,
                      .notifier = notifier_,
                      .signals = *signals_,
                      .links = *links_,
                      .interfaces = *interfaces_,
                      .session = *session_,
                      .succession = *succession_,
                      .plugins = plugins_.get()});
    const bool asked = loop.run();
    session_->stop(succession_->end());
    const engine::RunReport done = session_->finish();
    succession_->finish(*session_);
    return report(done) && asked ? DaemonEnd::Done : DaemonEnd::Failed;
  }

 private:
  bool read_configuration() {
    loaded_ = load_config(request_);
    for (const ConfigProblem& problem : loaded_.problems)
      log_.error(to_string(problem));
    if (!loaded_.problems.empty()) return false;
    const auto configured = log_.configure(loaded_.config.log);
    if (!configured) log_.error(configured.error());
    return configured.has_value();
  }

  base::Result<void> open() {
    auto signals = SignalQueue::open();
    if (!signals) return base::Unexpected(signals.error());
    signals_.emplace(std::move(*signals));
    auto notifier = Notifier::from_environment();
    if (!notifier) return base::Unexpected(notifier.error());
    notifier_ = std::move(*notifier);
    auto state = StateDirectory::open(loaded_.config.state.directory);
    if (!state) return base::Unexpected(state.error());
    state_ = std::move(*state);
    if (auto opened = open_sockets(); !opened) return opened;
    auto plugins = Plugins::load(loaded_.config);
    if (!plugins) return base::Unexpected(plugins.error());
    plugins_ = std::move(*plugins);
    if (auto entered = enter(); !entered) return entered;
    if (auto opened = open_session(); !opened) return opened;
    return open_interfaces();
  }

  /// All packet sockets that will ever be needed: an interface that is removed and made again takes
  /// new ones, one a worker.
  base::Result<void> open_sockets() {
    const size_t count =
        sockets_wanted(loaded_.config.capture.interfaces.size() * worker_count(loaded_.config));
    for (size_t i = 0; i < count; ++i) {
      auto socket = ring::PacketSocket::open("spare");
      if (!socket) return base::Unexpected(socket.error());
      sockets_.push_back(std::move(*socket));
    }
    return {};
  }

  base::Result<void> enter() {
    const auto report =
        enter_sandbox(loaded_.config.sandbox, sandbox_paths(loaded_.config, request_.path));
    if (!report) return base::Unexpected(report.error());
    std::string done;
    for (const std::string& step : report->done)
      done += (done.empty() ? "" : ", ") + step;
    if (!done.empty()) log_.info("sandbox: " + done);
    for (const base::Error& missing : report->missing)
      log_.warning("sandbox: not to be had here: " + base::to_string(missing));
    return {};
  }

  base::Result<void> open_session() {
    const auto secret = keep_secret(state_);
    if (!secret) return base::Unexpected(secret.error());
    auto run = make_run_options(loaded_.config, *secret);
    if (!run) return base::Unexpected(run.error());
    if (plugins_) {
      plugins_->arm();
      run->app.registry = &plugins_->registry();
    }
    succession_.emplace(loaded_.config, notifier_, state_, log_);
    run->keep = succession_->keep_options();
    engine::LiveOptions live = make_live_options(loaded_.config);
    live.on_ring = [this](size_t interface, size_t worker, int fd) {
      succession_->on_ring(interface, worker, fd);
    };
    if (loaded_.config.sandbox != SandboxMode::Off)
      live.on_worker_start = [this] {
        if (auto filtered = filter_worker_calls(); !filtered)
          log_.warning(base::to_string(filtered.error()));
      };
    auto session = engine::LiveSession::open(live, std::move(*run));
    if (!session) return base::Unexpected(session.error());
    session_ = std::move(*session);
    session_->give_spares(std::move(sockets_));
    return {};
  }

  /// The watch begins before the look around: nothing happens unseen in between.
  base::Result<void> open_interfaces() {
    auto links = ring::LinkWatch::open();
    if (!links) return base::Unexpected(links.error());
    links_.emplace(std::move(*links));
    const auto present = ring::list_interfaces();
    if (!present) return base::Unexpected(present.error());
    interfaces_.emplace(
        loaded_.config.capture.interfaces,
        InterfaceWatch::Port{.attach = [this](size_t place) { return session_->attach(place); },
                             .detach = [this](size_t place) { session_->detach(place); }},
        log_);
    succession_->take_over(*session_, *interfaces_);
    interfaces_->resync(*present);
    return {};
  }

  bool report(const engine::RunReport& report) {
    for (const base::Error& error : report.input_errors)
      log_.error(error);
    if (report.output_error)
      log_.warning("an output failed: " + base::to_string(*report.output_error));
    for (const std::string& imbalance : engine::imbalances(report.ledger.lines()))
      log_.error(imbalance);
    const engine::Ledger& ledger = report.ledger;
    log_.info(fmt::format("ended: {} packets, {} records written", ledger.packets.captured,
                          ledger.sink.written));
    return report.input_errors.empty() && outputs_work(report);
  }

  /// A disk that was full for a while has been told of, and its records are counted: what matters
  /// at the end is that everything that could be written is.
  bool outputs_work(const engine::RunReport& report) {
    bool work = true;
    for (const sink::OutputTotals& output : report.ledger.sink.outputs) {
      const uint64_t lost =
          output.dropped_disk_full + output.dropped_output_slow + output.dropped_sink_down;
      if (lost > 0)
        log_.warning(fmt::format("{}: {} records were lost, `pktana verify` names the gaps",
                                 output.path, lost));
      work &= output.health.trouble.empty();
    }
    return work;
  }

  const ConfigRequest& request_;
  DaemonLog log_;
  LoadedConfig loaded_;
  Notifier notifier_;
  StateDirectory state_;
  std::vector<ring::PacketSocket> sockets_;
  std::unique_ptr<Plugins> plugins_;  ///< null = none; outlives the session
  std::optional<Succession> succession_;
  std::optional<SignalQueue> signals_;
  std::optional<ring::LinkWatch> links_;
  std::unique_ptr<engine::LiveSession> session_;
  std::optional<InterfaceWatch> interfaces_;
};

}  // namespace

DaemonEnd run_daemon(const ConfigRequest& request) { return Daemon(request).run(); }

}  // namespace pktana::daemon
