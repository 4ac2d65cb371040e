// SPDX-License-Identifier: Apache-2.0
#include "app/call_guard.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csetjmp>
#include <csignal>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>

#include "app/plugin_counters.h"
#include "base/clock.h"

namespace pktana::app {
namespace {

constexpr auto kWatchEvery = std::chrono::milliseconds(20);
constexpr size_t kSignalStackBytes = 65536;
constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/// Set before the threads that read it begin.
int64_t budget_ns = CallGuard::kDefaultBudgetNs;

int break_signal() noexcept { return SIGRTMIN + 5; }

/// What the thread is doing, for its own signal handlers and for the watchdog.
struct Lane {
  pthread_t thread = pthread_self();
  std::atomic<int64_t> since_ns{0};    ///< begin of the call; 0 = no call
  std::atomic<uint64_t> call{0};       ///< number of the call
  std::atomic<uint64_t> condemned{0};  ///< number of the call that the watchdog breaks off
  volatile sig_atomic_t in_call = 0;
  volatile sig_atomic_t in_host = 0;
  sigjmp_buf way_out;
  std::unique_ptr<uint8_t[]> signal_stack = std::make_unique<uint8_t[]>(kSignalStackBytes);
};

std::mutex lanes_mutex;
std::vector<Lane*>& lanes() {
  static std::vector<Lane*> all;
  return all;
}

/// Registers the thread for as long as it lives.
class LaneOwner {
 public:
  LaneOwner() {
    stack_t stack{};
    stack.ss_sp = lane_.signal_stack.get();
    stack.ss_size = kSignalStackBytes;
    sigaltstack(&stack, &before_);
    const std::lock_guard lock(lanes_mutex);
    lanes().push_back(&lane_);
  }
  ~LaneOwner() {
    sigaltstack(&before_, nullptr);
    const std::lock_guard lock(lanes_mutex);
    std::erase(lanes(), &lane_);
  }
  LaneOwner(const LaneOwner&) = delete;
  LaneOwner& operator=(const LaneOwner&) = delete;

  Lane& lane() noexcept { return lane_; }

 private:
  Lane lane_;
  stack_t before_{};
};

/// Null in threads that never made a guarded call: signal handlers must not construct one.
thread_local Lane* own_lane = nullptr;

Lane& lane_of_thread() {
  thread_local LaneOwner owner;
  own_lane = &owner.lane();
  return owner.lane();
}

bool is_condemned(const Lane& lane) noexcept {
  return lane.condemned.load(std::memory_order_relaxed) ==
         lane.call.load(std::memory_order_relaxed);
}

void on_break(int) {
  Lane* lane = own_lane;
  if (lane == nullptr || lane->in_call == 0 || lane->in_host != 0 || !is_condemned(*lane)) return;
  siglongjmp(lane->way_out, static_cast<int>(CallEnd::Overran));
}

/// Who handled the faults before us: a sanitizer, a test framework, nobody.
struct sigaction before_us[NSIG];

void on_fault(int signal) {
  Lane* lane = own_lane;
  if (lane != nullptr && lane->in_call != 0 && lane->in_host == 0)
    siglongjmp(lane->way_out, static_cast<int>(CallEnd::Faulted));
  // Our own fault: as if we had no handler.
  sigaction(signal, &before_us[signal], nullptr);
  raise(signal);
}

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  // NODEFER: the way out leaves the handler without unblocking the signal.
  action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESTART;
  struct sigaction before {};
  sigaction(signal, &action, &before);
  if (before.sa_handler != handler) before_us[signal] = before;
}

void condemn_overdue() {
  const int64_t now_ns = base::monotonic_ns();
  const std::lock_guard lock(lanes_mutex);
  for (Lane* lane : lanes()) {
    const uint64_t call = lane->call.load(std::memory_order_acquire);
    const int64_t since_ns = lane->since_ns.load(std::memory_order_acquire);
    if (since_ns == 0 || now_ns - since_ns < budget_ns * CallGuard::kHardLimitBudgets) continue;
    if (lane->call.load(std::memory_order_acquire) != call) continue;
    lane->condemned.store(call, std::memory_order_release);
    pthread_kill(lane->thread, break_signal());
  }
}

void watch() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  while (true) {
    std::this_thread::sleep_for(kWatchEvery);
    condemn_overdue();
  }
}

void note_overrun(PluginCounters& counters) noexcept {
  const uint64_t overruns = counters.overruns.fetch_add(1, std::memory_order_relaxed) + 1;
  if (overruns >= CallGuard::kMaxOverruns) counters.off.store(true, std::memory_order_relaxed);
}

}  // namespace

void CallGuard::install() {
  for (const int signal : kFaults)
    set_handler(signal, on_fault);
  set_handler(break_signal(), on_break);
  static std::once_flag once;
  std::call_once(once, [] { std::thread(watch).detach(); });
}

void CallGuard::set_budget(int64_t wanted_ns) noexcept { budget_ns = wanted_ns; }

CallEnd CallGuard::run(GuardedFunction function, void* data, PluginCounters& counters) noexcept {
  Lane& lane = lane_of_thread();
  const int64_t begin_ns = base::monotonic_ns();
  lane.call.fetch_add(1, std::memory_order_release);
  lane.since_ns.store(begin_ns, std::memory_order_release);
  // No mask is saved: that would be a system call for each call, and no signal is blocked.
  const int way = sigsetjmp(lane.way_out, 0);
  if (way == 0) {
    lane.in_call = 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    function(data);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  lane.in_call = 0;
  lane.in_host = 0;
  lane.since_ns.store(0, std::memory_order_release);
  counters.calls.fetch_add(1, std::memory_order_relaxed);
  const auto end = static_cast<CallEnd>(way);
  if (end == CallEnd::Faulted) {
    counters.crashes.fetch_add(1, std::memory_order_relaxed);
    counters.off.store(true, std::memory_order_relaxed);
  } else if (end == CallEnd::Overran || base::monotonic_ns() - begin_ns > budget_ns) {
    note_overrun(counters);
  }
  return end;
}

HostSection::HostSection() noexcept {
  if (own_lane != nullptr) own_lane->in_host = own_lane->in_host + 1;
}

HostSection::~HostSection() noexcept {
  Lane* lane = own_lane;
  if (lane == nullptr || lane->in_host == 0) return;
  lane->in_host = lane->in_host - 1;
  // Broken off while we held the plugin's thread: it ends here.
  if (lane->in_call != 0 && lane->in_host == 0 && is_condemned(*lane))
    siglongjmp(lane->way_out, static_cast<int>(CallEnd::Overran));
}

}  // namespace pktana::app
