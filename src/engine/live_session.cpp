// SPDX-License-Identifier: Apache-2.0
#include "engine/live_session.h"

#include <algorithm>

#include "base/clock.h"
#include "base/cpu_affinity.h"
#include "filter/kernel_filter.h"
#include "ring/interfaces.h"

namespace pktana::engine {
namespace {

constexpr uint64_t kSmallRingBytes = uint64_t{8} << 20;
constexpr unsigned kLongRetireMs = 100;
constexpr size_t kSmallBlockBytes = size_t{128} << 10;  ///< the least that a ring takes

/// What runs in the kernel, and whether the workers must look again.
struct Programs {
  std::vector<ring::CaptureInterface> interfaces;
  bool filter_in_user_space = false;
};

/// The filter for one interface. On `any` each packet may have another link type: there the kernel
/// cuts to the snap length only.
base::Result<void> add_program(const std::string& name, const RunOptions& options,
                               Programs& programs) {
  if (name == ring::kAnyInterface || options.filter.empty()) {
    programs.interfaces.push_back(
        {.name = name, .source_id = 0, .program = filter::accept_all(options.snaplen)});
    programs.filter_in_user_space |= !options.filter.empty();
    return {};
  }
  auto interface = ring::find_interface(name);
  if (!interface) return base::Unexpected(interface.error());
  auto compiled = filter::compile_for_kernel(options.filter, interface->link_type, options.snaplen);
  if (!compiled) return base::Unexpected(compiled.error());
  programs.filter_in_user_space |= compiled->recheck != filter::KernelFilter::Recheck::None;
  programs.interfaces.push_back(
      {.name = name, .source_id = 0, .program = std::move(compiled->program)});
  return {};
}

base::Result<Programs> make_programs(const LiveOptions& live, const RunOptions& options) {
  if (live.interfaces.empty())
    return base::fail_input("capture", "name an interface (`pktana interfaces` lists them)");
  Programs programs;
  for (const std::string& name : live.interfaces)
    if (auto added = add_program(name, options, programs); !added)
      return base::Unexpected(added.error());
  return programs;
}

/// Whether the workers must filter too; an interface that is not there yet may need it.
bool must_filter_again(const LiveOptions& live, const RunOptions& options) {
  if (options.filter.empty()) return false;
  Programs programs;
  for (const std::string& name : live.interfaces)
    if (!add_program(name, options, programs)) return true;
  return programs.filter_in_user_space;
}

}  // namespace

base::Result<std::unique_ptr<LiveSession>> LiveSession::open(const LiveOptions& live,
                                                             RunOptions options) {
  if (options.packet_limit > 0 || wants_order(options)) options.threads = 1;
  options.sink.live = true;
  options.sink.wait_when_full = false;
  std::unique_ptr<LiveSession> session(new LiveSession(live, std::move(options)));
  auto opened =
      live.wait_for_interfaces ? session->open_what_is_there() : session->open_all_at_once();
  if (!opened) return base::Unexpected(opened.error());
  return session;
}

LiveSession::~LiveSession() {
  if (parts_) stop();
  join();
}

base::Result<void> LiveSession::open_all_at_once() {
  auto programs = make_programs(live_, options_);
  if (!programs) return base::Unexpected(programs.error());
  auto parts = make_parts(options_, false, programs->filter_in_user_space);
  if (!parts) return base::Unexpected(parts.error());
  parts_ = std::move(*parts);
  for (ring::CaptureInterface& interface : programs->interfaces)
    interface.source_id = parts_->names.add(interface.name);
  const std::vector<ring::CaptureInterface> interfaces = programs->interfaces;
  ring::GroupOptions wanted = group_options();
  wanted.interfaces = std::move(programs->interfaces);
  auto group = ring::CaptureGroup::open(wanted);
  if (!group) return base::Unexpected(group.error());
  tell_observers(*group, interfaces);
  for (unsigned i = 0; i < options_.threads; ++i)
    sources_.push_back(group->take_source(i));
  return {};
}

base::Result<void> LiveSession::open_what_is_there() {
  auto parts = make_parts(options_, false, must_filter_again(live_, options_));
  if (!parts) return base::Unexpected(parts.error());
  parts_ = std::move(*parts);
  for (const std::string& name : live_.interfaces)
    (void)parts_->names.add(name);
  for (unsigned i = 0; i < options_.threads; ++i)
    sources_.push_back(std::make_unique<ring::RingSource>(std::vector<ring::PacketRing>()));
  for (size_t i = 0; i < parts_->keepers.size(); ++i)
    parts_->keepers[i]->set_source(*sources_[i], live_.interfaces);
  return {};
}

ring::GroupOptions LiveSession::group_options() const {
  ring::GroupOptions group;
  group.workers = options_.threads;
  group.promiscuous = live_.promiscuous;
  group.ignore_outgoing = live_.ignore_outgoing;
  // An observer wants the packets as they were on the wire: fragments are not joined for it.
  group.spread = wants_order(options_) ? ring::Spread::AddressPair : ring::Spread::Flow;
  if (live_.ring_bytes < kSmallRingBytes || live_.outlasts_restarts)
    group.geometry.block_bytes = kSmallBlockBytes;
  if (live_.outlasts_restarts) group.geometry.retire_ms = kLongRetireMs;
  const uint64_t blocks = live_.ring_bytes / group.geometry.block_bytes;
  group.geometry.block_count = static_cast<unsigned>(std::clamp<uint64_t>(blocks, 2, 1U << 16));
  return group;
}

/// Who the packets will come from. A capture file gets its header now.
void LiveSession::tell_observers(const ring::CaptureGroup& group,
                                 const std::vector<ring::CaptureInterface>& interfaces) {
  for (size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].name == ring::kAnyInterface) return;
    parts_->observers.on_interface(interfaces[i].source_id, {.name = interfaces[i].name,
                                                             .link_type = group.link_type(i),
                                                             .snap_length = 0,
                                                             .nanoseconds = true});
  }
  if (parts_->packet_file) parts_->packet_file->begin(group.link_type(0), base::realtime_ns());
}

base::Result<void> LiveSession::attach(size_t interface) {
  Programs programs;
  if (auto added = add_program(live_.interfaces[interface], options_, programs); !added)
    return added;
  programs.interfaces[0].source_id = static_cast<uint16_t>(interface);
  auto rings = ring::open_interface(programs.interfaces[0], group_options(), &spares_);
  if (!rings) return base::Unexpected(rings.error());
  for (size_t i = 0; i < rings->size(); ++i)
    add_ring(interface, i, std::move((*rings)[i]));
  return {};
}

void LiveSession::add_ring(size_t interface, size_t worker, ring::PacketRing ring) {
  if (WorkerKeeper* keeper = this->keeper(worker)) keeper->keep_counts(ring);
  if (live_.on_ring) live_.on_ring(interface, worker, ring.fd());
  sources_[worker]->add(std::move(ring));
}

base::Result<void> LiveSession::adopt(size_t interface, std::vector<FoundRing> rings) {
  std::vector<ring::PacketRing> opened;
  const ring::GroupOptions group = group_options();
  for (FoundRing& found : rings) {
    auto ring = ring::PacketRing::adopt(
        {.name = live_.interfaces[interface],
         .interface_index = live_.interfaces[interface] == ring::kAnyInterface ? 0U : 1U,
         .source_id = static_cast<uint16_t>(interface),
         .geometry = group.geometry},
        ring::PacketSocket::adopt(std::move(found.fd), live_.interfaces[interface]), found.at);
    if (!ring) return base::Unexpected(ring.error());
    opened.push_back(std::move(*ring));
  }
  for (size_t i = 0; i < opened.size(); ++i)
    add_ring(interface, i, std::move(opened[i]));
  return {};
}

/// A flow may be of an interface that is not captured from any more.
uint16_t LiveSession::source_id_of(const std::string& name) {
  const auto found = std::find(live_.interfaces.begin(), live_.interfaces.end(), name);
  if (found == live_.interfaces.end()) return parts_->names.add(name);
  return static_cast<uint16_t>(found - live_.interfaces.begin());
}

size_t LiveSession::restore(size_t worker, const KeptState& state,
                            const std::function<bool(const flow::FlowRecord&)>& is_flow_wanted,
                            const std::function<bool(const flow::FlowRecord&)>& is_missing) {
  std::vector<uint16_t> sources;
  for (const std::string& name : state.sources)
    sources.push_back(source_id_of(name));
  parts_->keepers[worker]->begin_after(state.epoch);
  if (!state.readable) return 0;
  base::StateReader in(state.flows);
  const size_t before = parts_->workers[worker]->snapshot_before_run().live_flows;
  (void)parts_->workers[worker]->restore(in, {.sources = sources, .is_wanted = is_flow_wanted});
  for (flow::FlowRecord record : state.records) {
    if (!is_missing(record)) continue;
    record.source_id = record.source_id < sources.size() ? sources[record.source_id] : uint16_t{0};
    // By the keeper: till they are surely written, the next process must find them too.
    parts_->keepers[worker]->hand_over({&record, 1});
    ++parts_->records_resent;
  }
  return parts_->workers[worker]->snapshot_before_run().live_flows - before;
}

void LiveSession::acknowledge() {
  std::vector<uint64_t> epochs;
  for (const auto& keeper : parts_->keepers)
    epochs.push_back(keeper->handed_epoch());
  // What was handed over before that is written, if nothing is on its way now.
  if (!parts_->sink || parts_->sink->totals().in_flight > 0) return;
  for (size_t i = 0; i < epochs.size(); ++i)
    parts_->keepers[i]->acknowledge(epochs[i]);
}

void LiveSession::stop(End how) noexcept {
  if (shared_.stop) return;
  shared_.end = how;
  if (how == End::HandOver)
    for (const auto& worker : parts_->workers)
      worker->leave();
  shared_.stop = true;
}

void LiveSession::detach(size_t interface) {
  for (const auto& source : sources_)
    source->retire(static_cast<uint16_t>(interface));
}

void LiveSession::start() {
  shared_.running = options_.threads;
  for (unsigned i = 0; i < options_.threads; ++i)
    threads_.emplace_back([this, i] { run_worker(i); });
}

/// More workers than CPUs share them. A worker that can't be pinned runs where it may; the report
/// says so.
void LiveSession::pin_worker(size_t index) {
  if (!live_.pin_workers) return;
  const auto cpus = base::usable_cpu_list();
  const auto pinned = cpus ? base::pin_this_thread((*cpus)[index % cpus->size()])
                           : base::Result<void>(base::Unexpected(cpus.error()));
  if (pinned) return;
  const std::lock_guard lock(shared_.mutex);
  shared_.errors.push_back(pinned.error());
}

void LiveSession::run_worker(size_t index) {
  pin_worker(index);
  if (live_.on_worker_start) live_.on_worker_start();
  Worker& worker = *parts_->workers[index];
  if (auto done = worker.run(*sources_[index], shared_.stop); !done) {
    const std::lock_guard lock(shared_.mutex);
    shared_.errors.push_back(done.error());
    shared_.stop = true;
  }
  if (shared_.end == End::All)
    worker.finish();
  else
    worker.finish_for_next();
  --shared_.running;
}

base::Result<std::unique_ptr<FlowListing>> LiveSession::list_flows(const ListingOptions& options) {
  const RecordContext context{.sources = &parts_->names,
                              .encapsulations = nullptr,
                              .community_id_seed = options_.sink.community_id_seed};
  const bool has_rows = options.by != ListingOptions::By::None;
  const uint64_t live_flows = has_rows ? collect().live_flows : 0;
  std::vector<std::shared_ptr<ListingSlice>> slices;
  for (size_t i = 0; i < parts_->workers.size(); ++i) {
    auto slice = ListingSlice::create(options, context, live_flows);
    if (!slice) return base::Unexpected(slice.error());
    slices.push_back(std::move(*slice));
  }
  for (size_t i = 0; i < slices.size(); ++i)
    parts_->workers[i]->list_flows(slices[i]);
  return std::make_unique<FlowListing>(options, std::move(slices));
}

void LiveSession::submit_stats() {
  if (!parts_->sink) return;
  Ledger ledger = collect();
  ledger.memory = base::process_memory();
  parts_->sink->submit(
      ledger.to_stats(base::realtime_ns(), base::monotonic_ns() - parts_->began_ns));
}

std::vector<uint64_t> LiveSession::beats() const {
  std::vector<uint64_t> beats;
  for (const auto& worker : parts_->workers)
    beats.push_back(worker->beats());
  return beats;
}

void LiveSession::join() {
  for (std::thread& thread : threads_)
    thread.join();
  threads_.clear();
}

RunReport LiveSession::finish() {
  join();
  RunReport report = conclude(*parts_, true, shared_.end == End::All);
  report.input_errors = std::move(shared_.errors);
  return report;
}

}  // namespace pktana::engine
