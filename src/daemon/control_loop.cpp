// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_loop.h"

#include <algorithm>
#include <array>
#include <utility>

#include <poll.h>

#include <fmt/format.h>

#include "base/clock.h"
#include "daemon/reload.h"
#include "ring/interfaces.h"

namespace pktana::daemon {
namespace {

constexpr int kTickMs = 100;
constexpr int64_t kStatusNs = 2 * base::kNsPerSecond;
constexpr int64_t kPulseNs = 10 * base::kNsPerSecond;  ///< where no watchdog says how often
constexpr int64_t kRetryNs = base::kNsPerSecond;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Whether it is time; the next time is an interval later.
bool is_due(int64_t& next_ns, int64_t interval_ns, int64_t now_ns) noexcept {
  if (interval_ns <= 0 || now_ns < next_ns) return false;
  next_ns = std::max(next_ns + interval_ns, now_ns);
  return true;
}

}  // namespace

ControlLoop::ControlLoop(const ControlParts& parts) : parts_(parts) {
  next_stats_ns_ = base::monotonic_ns() + parts_.loaded.config.stats_interval_ns;
  // Not at once: what was just begun had no time to move on.
  next_pulse_ns_ = base::monotonic_ns() + pulse_interval_ns();
  open_control();
  open_metrics();
}

/// Capture goes on without it: who can't be asked still works.
void ControlLoop::open_control() {
  const ApiConfig& api = parts_.loaded.config.api;
  if (api.socket.empty()) return;
  auto control = ControlServer::open(api.socket, api.max_clients, *this);
  if (control)
    control_ = std::move(*control);
  else
    parts_.log.error(control.error());
}

void ControlLoop::open_metrics() {
  const std::string& listen = parts_.loaded.config.metrics.listen;
  if (listen.empty() || metrics_) return;
  auto metrics = MetricsServer::open(listen, *this);
  if (metrics) {
    metrics_ = std::move(*metrics);
    parts_.log.info("metrics are to be had at http://" + listen + "/metrics");
  } else if (!std::exchange(metrics_failed_, true)) {
    parts_.log.error(base::to_string(metrics.error()) + "; it is tried again each second");
  }
}

DaemonFacts ControlLoop::facts() {
  DaemonFacts facts{.uptime_ns = base::monotonic_ns() - parts_.session.began_ns(),
                    .alive = alive_,
                    .reloads = reloads_,
                    .last_reload_good = last_reload_good_};
  for (const WatchedInterface& one : parts_.interfaces.interfaces())
    facts.interfaces.push_back({.name = one.name,
                                .attached = one.attached,
                                .up = one.up,
                                .rebinds = one.counts.attached > 0 ? one.counts.attached - 1 : 0});
  if (parts_.plugins != nullptr) facts.plugins = parts_.plugins->facts();
  return facts;
}

void ControlLoop::rotate() {
  if (sink::Sink* sink = parts_.session.sink()) sink->rotate();
}

bool ControlLoop::run() {
  parts_.notifier.ready(status_text());
  while (!ending_) {
    wait();
    take_signals();
    take_link_events();
    take_time();
    if (control_) control_->serve();
    if (metrics_) metrics_->serve();
    if (parts_.session.is_running() && !parts_.session.is_in_vain()) continue;
    failed_ = !ending_;
    ending_ = true;
  }
  parts_.notifier.stopping();
  return !failed_;
}

void ControlLoop::wait() {
  std::array<pollfd, 4> polls{
      {{.fd = parts_.signals.fd(), .events = POLLIN, .revents = 0},
       {.fd = parts_.links.fd(), .events = POLLIN, .revents = 0},
       {.fd = control_ ? control_->fd() : -1, .events = POLLIN, .revents = 0},
       {.fd = metrics_ ? metrics_->fd() : -1, .events = POLLIN, .revents = 0}}};
  (void)::poll(polls.data(), polls.size(), kTickMs);
}

void ControlLoop::take_signals() {
  while (const auto number = parts_.signals.take()) {
    if (*number == SIGHUP)
      reload();
    else if (*number == SIGUSR1 && parts_.session.sink() != nullptr)
      parts_.session.sink()->rotate();
    else if (*number == SIGTERM || *number == SIGINT)
      ending_ = true;
  }
}

void ControlLoop::take_link_events() {
  std::vector<ring::LinkEvent> events;
  const bool whole = parts_.links.take(events);
  for (const ring::LinkEvent& event : events)
    parts_.interfaces.on_event(event);
  if (whole) return;
  if (const auto present = ring::list_interfaces())
    parts_.interfaces.resync(*present);
  else
    parts_.log.error(present.error());
}

void ControlLoop::take_time() {
  const int64_t now_ns = base::monotonic_ns();
  parts_.succession.look_after(parts_.session, now_ns);
  if (is_due(next_retry_ns_, kRetryNs, now_ns)) {
    parts_.interfaces.retry();
    look_at_outputs();
    if (parts_.plugins != nullptr) parts_.plugins->report(parts_.log);
    open_metrics();
  }
  if (is_due(next_stats_ns_, parts_.loaded.config.stats_interval_ns, now_ns))
    parts_.session.submit_stats();
  if (is_due(next_pulse_ns_, pulse_interval_ns(), now_ns)) feel_pulse();
  if (parts_.notifier.has_manager() && is_due(next_status_ns_, kStatusNs, now_ns))
    parts_.notifier.status(status_text());
}

/// Thrice in the time that the watchdog allows, so that one late turn is no death.
int64_t ControlLoop::pulse_interval_ns() const noexcept {
  const int64_t watchdog_ns = parts_.notifier.watchdog_ns();
  return watchdog_ns > 0 ? watchdog_ns / 3 : kPulseNs;
}

void ControlLoop::look_at_outputs() {
  if (parts_.session.sink() == nullptr) return;
  const sink::SinkTotals totals = parts_.session.sink()->totals();
  troubles_.resize(totals.outputs.size());
  for (size_t i = 0; i < totals.outputs.size(); ++i) {
    const sink::OutputTotals& output = totals.outputs[i];
    const std::string& trouble = output.health.trouble;
    if (!trouble.empty() && trouble != troubles_[i]) parts_.log.error(output.path + ": " + trouble);
    if (trouble.empty() && !troubles_[i].empty())
      parts_.log.info(output.path + ": is written again");
    troubles_[i] = trouble;
    const bool wanted = i < parts_.loaded.config.outputs.size() &&
                        parts_.loaded.config.outputs[i].io_uring &&
                        parts_.loaded.config.outputs[i].type == OutputType::File;
    if (wanted && output.health.method == "pwrite" && !std::exchange(said_pwrite_, true))
      parts_.log.info("io_uring is not to be had here: log files are written by pwrite");
  }
}

void ControlLoop::feel_pulse() {
  const sink::Sink* sink = parts_.session.sink();
  alive_ =
      pulse_.feel(parts_.session.beats(), sink == nullptr ? sink::SinkTotals{} : sink->totals());
  if (!alive_)
    parts_.log.warning("a worker or the sink has not moved on: no sign of life is given");
  else if (parts_.notifier.watchdog_ns() > 0)
    parts_.notifier.alive();
}

bool ControlLoop::reload() {
  parts_.notifier.reloading();
  ++reloads_;
  LoadedConfig fresh = load_config(parts_.request);
  last_reload_good_ = fresh.problems.empty();
  if (!last_reload_good_) {
    for (const ConfigProblem& problem : fresh.problems)
      parts_.log.error(to_string(problem));
    parts_.log.error("the configuration stays as it was: the new file has mistakes");
    parts_.notifier.ready("bad configuration file: the old configuration stays; " + status_text());
    return false;
  }
  if (parts_.session.sink() != nullptr) parts_.session.sink()->reopen();
  const ConfigChange change = compare(parts_.loaded, fresh);
  parts_.loaded.config.stats_interval_ns = fresh.config.stats_interval_ns;
  parts_.loaded.config.state.checkpoint_interval_ns = fresh.config.state.checkpoint_interval_ns;
  parts_.succession.set_checkpoint_interval(fresh.config.state.checkpoint_interval_ns);
  next_stats_ns_ = base::monotonic_ns() + fresh.config.stats_interval_ns;
  if (auto configured = parts_.log.configure(fresh.config.log); !configured)
    parts_.log.error(configured.error());
  parts_.log.info(change.live.empty() ? std::string("configuration read again")
                                      : "configuration read again: " + join(change.live));
  if (!change.restart.empty())
    parts_.log.warning("needs a restart to take effect: " + join(change.restart));
  parts_.notifier.ready(status_text());
  return true;
}

std::string ControlLoop::status_text() {
  std::string text = rates_.line(parts_.session.collect(), base::monotonic_ns());
  for (const WatchedInterface& interface : parts_.interfaces.interfaces())
    if (!interface.attached) text += fmt::format("; waiting for {}", interface.name);
  return text;
}

}  // namespace pktana::daemon
