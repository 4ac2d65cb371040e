// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "engine/run.h"
#include "engine/run_support.h"
#include "filter/packet_filter.h"
#include "ring/capture_group.h"

namespace pktana::engine {
namespace {

constexpr auto kControlInterval = std::chrono::milliseconds(50);
constexpr const char* kAnyInterface = "any";

/// What the worker threads of a live run share.
struct LiveRun {
  const std::atomic<bool>& stop;
  std::atomic<unsigned> running{0};
  std::atomic<bool> failed{false};  ///< one source gave up: the run ends
  std::mutex mutex;
  std::vector<base::Error> errors;  ///< guarded by mutex
};

void capture(LiveRun& run, ring::PacketSource& source, Worker& worker,
             const std::atomic<bool>& stop) {
  if (auto done = worker.run(source, stop); !done) {
    const std::lock_guard lock(run.mutex);
    run.errors.push_back(done.error());
    run.failed = true;
  }
  worker.finish();
  --run.running;
}

/// Until all workers are done: passes on the wish to stop and writes the stats events that fall due.
void control(LiveRun& run, const LiveOptions& live, RunParts& parts, std::atomic<bool>& stop) {
  int64_t next_stats_ns = parts.began_ns + live.stats_interval_ns;
  while (run.running.load() > 0) {
    std::this_thread::sleep_for(kControlInterval);
    if (run.stop.load(std::memory_order_relaxed) || run.failed.load()) stop = true;
    const int64_t now = base::monotonic_ns();
    if (live.stats_interval_ns == 0 || now < next_stats_ns || !parts.sink || stop) continue;
    next_stats_ns += live.stats_interval_ns;
    parts.sink->submit(collect(parts).to_stats(base::realtime_ns(), now - parts.began_ns));
  }
}

}  // namespace

base::Result<RunReport> run_live(const LiveOptions& live, RunOptions options,
                                 const std::atomic<bool>& stop) {
  if (options.packet_limit > 0 || options.observer != nullptr) options.threads = 1;
  options.sink.live = true;
  options.sink.wait_when_full = false;
  const bool any = live.interfaces.size() == 1 && live.interfaces[0] == kAnyInterface;
  auto parts = make_parts(options, false, any);
  if (!parts) return base::Unexpected(parts.error());
  auto group = open_group(live, options, **parts);
  if (!group) return base::Unexpected(group.error());

  LiveRun run{.stop = stop, .running = options.threads};
  std::atomic<bool> stop_workers{false};
  std::vector<std::unique_ptr<ring::PacketSource>> sources;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) sources.push_back(group->take_source(i));
  for (unsigned i = 0; i < options.threads; ++i)
    threads.emplace_back([&, i] { capture(run, *sources[i], *(*parts)->workers[i], stop_workers); });
  control(run, live, **parts, stop_workers);
  for (std::thread& thread : threads) thread.join();

  RunReport report = conclude(**parts, true);
  report.input_errors = std::move(run.errors);
  return report;
}

}  // namespace pktana::engine
