// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <thread>

#include "base/clock.h"
#include "engine/live_session.h"

namespace pktana::engine {
namespace {

constexpr auto kControlInterval = std::chrono::milliseconds(50);

/// Until all workers are done: passes on the wish to stop and writes the stats events that fall
/// due.
void control(LiveSession& session, int64_t stats_interval_ns, const std::atomic<bool>& stop) {
  int64_t next_stats_ns = session.began_ns() + stats_interval_ns;
  while (session.is_running()) {
    std::this_thread::sleep_for(kControlInterval);
    const bool ending = stop.load(std::memory_order_relaxed) || session.is_in_vain();
    if (ending) session.stop();
    if (ending || stats_interval_ns == 0 || base::monotonic_ns() < next_stats_ns) continue;
    next_stats_ns += stats_interval_ns;
    session.submit_stats();
  }
}

}  // namespace

base::Result<RunReport> run_live(const LiveOptions& live, RunOptions options,
                                 const std::atomic<bool>& stop) {
  auto session = LiveSession::open(live, std::move(options));
  if (!session) return base::Unexpected(session.error());
  if (live.on_ready) live.on_ready();
  (*session)->start();
  control(**session, live.stats_interval_ns, stop);
  return (*session)->finish();
}

}  // namespace pktana::engine
