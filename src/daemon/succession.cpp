// SPDX-License-Identifier: Apache-2.0
#include "daemon/succession.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "base/clock.h"
#include "daemon/run_mapping.h"
#include "daemon/written_flows.h"
#include "ring/interfaces.h"

namespace pktana::daemon {
namespace {

constexpr int64_t kExactIntervalNs = 250 * base::kNsPerMs;

/// systemd says so from version 254 on; our units and `pktana hold` say so too.
bool has_fd_store() {
  const char* value = ::getenv("FDSTORE");
  return value != nullptr && *value != '\0' && *value != '0';
}

/// All that a ring was made with: one of another setup is a stranger.
std::string setup_of(const Config& config) {
  const CaptureConfig& capture = config.capture;
  return fmt::format("{} {} {} {} {} {}", worker_count(config), capture.ring_bytes, capture.snaplen,
                     capture.promiscuous, capture.ignore_outgoing, capture.filter);
}

/// Of an interface that is there; 0 = all.
std::optional<unsigned> index_of(const std::string& interface) {
  if (interface == ring::kAnyInterface) return 0U;
  const auto found = ring::find_interface(interface);
  return found ? std::optional(found->index) : std::nullopt;
}

std::string file_name(size_t worker) { return fmt::format("flows-{}", worker); }

}  // namespace

Succession::Succession(const Config& config, const Notifier& notifier, const StateDirectory& state,
                       DaemonLog& log)
    : config_(config),
      notifier_(notifier),
      state_(state),
      log_(log),
      has_store_(notifier.has_manager() && has_fd_store()),
      heritage_(take_listen_fds()),
      generation_(heritage_.next_generation()),
      setup_(setup_of(config)),
      checkpoint_ns_(config.state.checkpoint_interval_ns) {}

engine::KeepOptions Succession::keep_options() const {
  engine::KeepOptions keep;
  keep.wanted = has_store_ || state_.is_there();
  keep.exact = has_store_;
  keep.setup = setup_;
  keep.interval_ns = kExactIntervalNs;
  if (!has_store_) keep.interval_ns = std::max(checkpoint_ns_, kExactIntervalNs);
  return keep;
}

void Succession::on_ring(size_t interface, size_t worker, int fd) {
  if (!has_store_ || adopting_) return;
  const std::string name = ring_name(config_.capture.interfaces[interface], worker);
  notifier_.remove(name);
  (void)notifier_.store(fd, name);
}

void Succession::take_over(engine::LiveSession& session, InterfaceWatch& interfaces) {
  if (!keep_options().wanted) return;
  std::vector<engine::KeptState> states;
  take_flows(session, states);
  for (size_t i = 0; i < config_.capture.interfaces.size(); ++i) {
    const auto index = index_of(config_.capture.interfaces[i]);
    if (index && take_rings(i, *index, session, states)) interfaces.adopted(i, *index);
  }
  store_state(session);
  for (const std::string& name : heritage_.names())
    if (name.starts_with("state-"))
      outdated_.push_back(name);
    else
      notifier_.remove(name);
}

void Succession::take_flows(engine::LiveSession& session, std::vector<engine::KeptState>& states) {
  WrittenFlows written;
  bool looked = false;
  size_t flows = 0;
  for (size_t worker = 0;; ++worker) {
    engine::KeptState kept = heritage_.state_of(worker);
    bool from_disk = false;
    if (const auto bytes = state_.read(file_name(worker).c_str()); bytes && !bytes->empty()) {
      engine::KeptState saved = engine::parse_kept_state(*bytes);
      from_disk = saved.epoch > kept.epoch;
      if (from_disk) kept = std::move(saved);
    }
    if (kept.epoch == 0) break;
    if (!kept.readable)
      log_.warning("the process before was of another build: its flows can't go on");
    if (!looked)
      for (const OutputConfig& output : config_.outputs)
        if (output.type == OutputType::File && output.format == sink::Format::Eve)
          written.read_log(output.path);
    looked = true;
    // What lies on the disk is older than the log.
    flows += session.restore(
        worker % session.workers(), kept,
        [&](const flow::FlowRecord& flow) { return !from_disk || !written.has_flow(flow.flow_id); },
        [&](const flow::FlowRecord& record) { return !written.has(record); });
    if (from_disk) kept.rings.clear();
    states.push_back(std::move(kept));
  }
  if (!states.empty()) log_.info(fmt::format("{} flows go on from the process before", flows));
}

bool Succession::take_rings(size_t interface, unsigned index, engine::LiveSession& session,
                            const std::vector<engine::KeptState>& states) {
  const std::string& name = config_.capture.interfaces[interface];
  std::vector<engine::LiveSession::FoundRing> found;
  for (size_t worker = 0; worker < session.workers(); ++worker) {
    if (worker >= states.size() || states[worker].setup != setup_) return false;
    const auto& rings = states[worker].rings;
    // The last one: those before it are of an interface that was removed.
    const auto at = std::find_if(rings.rbegin(), rings.rend(),
                                 [&](const auto& ring) { return ring.interface == name; });
    if (at == rings.rend() || !heritage_.has_ring(name, worker)) return false;
    base::Fd fd = heritage_.take_ring(name, worker);
    if (bound_interface(fd.get()) != index) return false;
    found.push_back({.fd = std::move(fd), .at = at->at});
  }
  adopting_ = true;
  const auto adopted = session.adopt(interface, std::move(found));
  adopting_ = false;
  if (!adopted) log_.error(adopted.error());
  if (adopted) log_.info(fmt::format("{}: goes on with the rings of the process before", name));
  return adopted.has_value();
}

void Succession::store_state(engine::LiveSession& session) {
  if (!has_store_) return;
  for (size_t worker = 0; worker < session.workers(); ++worker)
    for (size_t file = 0; file < engine::kKeptFiles; ++file)
      (void)notifier_.store(session.keeper(worker)->files()[file].get(),
                            state_name(generation_, worker, file));
}

void Succession::look_after(engine::LiveSession& session, int64_t now_ns) {
  if (!keep_options().wanted) return;
  session.acknowledge();
  if (!outdated_.empty()) {
    bool all = true;
    for (size_t worker = 0; worker < session.workers(); ++worker)
      all &= session.keeper(worker)->handed_epoch() > 0;
    if (all) {
      for (const std::string& name : outdated_)
        notifier_.remove(name);
      outdated_.clear();
      heritage_ = {};
    }
  }
  if (!state_.is_there() || checkpoint_ns_ == 0 || now_ns < next_checkpoint_ns_) return;
  const bool first = next_checkpoint_ns_ == 0;
  next_checkpoint_ns_ = now_ns + checkpoint_ns_;
  if (!first) save_flows(session, false);
}

engine::LiveSession::End Succession::end() const {
  using End = engine::LiveSession::End;
  // A store that is gone (a holder that was killed) keeps nothing for anybody.
  if (has_store_ && notifier_.stopping()) return End::HandOver;
  return state_.is_there() ? End::KeepFlows : End::All;
}

void Succession::finish(engine::LiveSession& session) {
  if (!keep_options().wanted) return;
  session.acknowledge();
  save_flows(session, true);
}

void Succession::save_flows(engine::LiveSession& session, bool sync) {
  if (!state_.is_there()) return;
  for (size_t worker = 0; worker < session.workers(); ++worker) {
    const auto& files = session.keeper(worker)->files();
    std::array<int, engine::kKeptFiles> numbers{};
    std::transform(files.begin(), files.end(), numbers.begin(),
                   [](const base::Fd& fd) { return fd.get(); });
    const auto bytes = engine::copy_kept_state(numbers);
    if (bytes.empty()) continue;
    if (auto saved = state_.write(file_name(worker).c_str(), bytes, sync); !saved)
      log_.error(saved.error());
  }
}

}  // namespace pktana::daemon
