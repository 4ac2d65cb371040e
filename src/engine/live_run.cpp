// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "engine/run.h"
#include "engine/run_support.h"
#include "filter/kernel_filter.h"
#include "ring/capture_group.h"
#include "ring/interfaces.h"

namespace pktana::engine {
namespace {

constexpr uint64_t kSmallRingBytes = uint64_t{8} << 20;
constexpr size_t kSmallBlockBytes = size_t{128} << 10;  ///< the least that a ring takes
constexpr auto kControlInterval = std::chrono::milliseconds(50);

/// What runs in the kernel, and whether the workers must look again.
struct Programs {
  std::vector<ring::CaptureInterface> interfaces;
  bool filter_in_user_space = false;
};

/// What the worker threads of a live run share.
struct LiveRun {
  const std::atomic<bool>& stop;
  std::atomic<bool> stop_workers{false};
  std::atomic<unsigned> running{0};
  std::mutex mutex;
  std::vector<base::Error> errors;  ///< guarded by mutex
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

/// Who the packets will come from. A capture file gets its header now.
void tell_observers(const std::vector<ring::CaptureInterface>& interfaces,
                    const ring::CaptureGroup& group, RunParts& parts) {
  for (size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].name == ring::kAnyInterface) return;
    parts.observers.on_interface(interfaces[i].source_id, {.name = interfaces[i].name,
                                                           .link_type = group.link_type(i),
                                                           .snap_length = 0,
                                                           .nanoseconds = true});
  }
  if (parts.packet_file) parts.packet_file->begin(group.link_type(0), base::realtime_ns());
}

base::Result<ring::CaptureGroup> open_group(const LiveOptions& live, const RunOptions& options,
                                            std::vector<ring::CaptureInterface> interfaces) {
  ring::GroupOptions group;
  group.interfaces = std::move(interfaces);
  group.workers = options.threads;
  group.promiscuous = live.promiscuous;
  group.ignore_outgoing = live.ignore_outgoing;
  // An observer wants the packets as they were on the wire: fragments are not joined for it.
  const bool as_on_wire = wants_order(options);
  group.spread = as_on_wire ? ring::Spread::AddressPair : ring::Spread::Flow;
  if (live.ring_bytes < kSmallRingBytes) group.geometry.block_bytes = kSmallBlockBytes;
  const uint64_t blocks = live.ring_bytes / group.geometry.block_bytes;
  group.geometry.block_count = static_cast<unsigned>(std::clamp<uint64_t>(blocks, 2, 1U << 16));
  return ring::CaptureGroup::open(group);
}

void capture(LiveRun& run, ring::PacketSource& source, Worker& worker) {
  if (auto done = worker.run(source, run.stop_workers); !done) {
    const std::lock_guard lock(run.mutex);
    run.errors.push_back(done.error());
    run.stop_workers = true;
  }
  worker.finish();
  --run.running;
}

/// Until all workers are done: passes on the wish to stop and writes the stats events that fall
/// due.
void control(LiveRun& run, int64_t stats_interval_ns, RunParts& parts) {
  int64_t next_stats_ns = parts.began_ns + stats_interval_ns;
  while (run.running.load() > 0) {
    std::this_thread::sleep_for(kControlInterval);
    if (run.stop.load(std::memory_order_relaxed) || is_in_vain(parts)) run.stop_workers = true;
    const int64_t now = base::monotonic_ns();
    const bool due = stats_interval_ns > 0 && now >= next_stats_ns;
    if (!due || !parts.sink || run.stop_workers) continue;
    next_stats_ns += stats_interval_ns;
    parts.sink->submit(collect(parts).to_stats(base::realtime_ns(), now - parts.began_ns));
  }
}

}  // namespace

base::Result<RunReport> run_live(const LiveOptions& live, RunOptions options,
                                 const std::atomic<bool>& stop) {
  if (options.packet_limit > 0 || wants_order(options)) options.threads = 1;
  options.sink.live = true;
  options.sink.wait_when_full = false;
  auto programs = make_programs(live, options);
  if (!programs) return base::Unexpected(programs.error());
  auto parts = make_parts(options, false, programs->filter_in_user_space);
  if (!parts) return base::Unexpected(parts.error());
  for (ring::CaptureInterface& interface : programs->interfaces)
    interface.source_id = (*parts)->names.add(interface.name);
  const std::vector<ring::CaptureInterface> interfaces = programs->interfaces;
  auto group = open_group(live, options, std::move(programs->interfaces));
  if (!group) return base::Unexpected(group.error());
  tell_observers(interfaces, *group, **parts);
  if (live.on_ready) live.on_ready();

  LiveRun run{.stop = stop, .running = options.threads, .mutex = {}, .errors = {}};
  std::vector<std::unique_ptr<ring::RingSource>> sources;
  for (unsigned i = 0; i < options.threads; ++i)
    sources.push_back(group->take_source(i));
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i)
    threads.emplace_back([&, i] { capture(run, *sources[i], *(*parts)->workers[i]); });
  control(run, live.stats_interval_ns, **parts);
  for (std::thread& thread : threads)
    thread.join();

  RunReport report = conclude(**parts, true);
  report.input_errors = std::move(run.errors);
  return report;
}

}  // namespace pktana::engine
