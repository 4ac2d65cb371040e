// SPDX-License-Identifier: Apache-2.0
#include "engine/process/process_watch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <ifaddrs.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"

namespace pktana::engine {
namespace {

constexpr int64_t kIntervalNs = 500 * base::kNsPerMs;
constexpr int kShareOfCpu = 5;         ///< rests four times as long as it worked
constexpr size_t kMaxNewAtOnce = 256;  ///< connections looked at between two rests
constexpr size_t kMaxLately = 8;
constexpr int64_t kShortWorkNs = 3 * base::kNsPerMs;
constexpr int kPriority = -10;
constexpr uint8_t kTcp = 6;

/// Signals are for the main thread.
class BlockSignals {
 public:
  BlockSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  BlockSignals(const BlockSignals&) = delete;
  BlockSignals& operator=(const BlockSignals&) = delete;
  ~BlockSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

SocketEnd end_of(const sockaddr& address) {
  SocketEnd end;
  if (address.sa_family == AF_INET)
    std::memcpy(end.address.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  else
    std::memcpy(end.address.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
  return end;
}

}  // namespace

ProcessWatch::ProcessWatch(SockDiag diag, FlowTap tap, base::Fd stop)
    : diag_(std::move(diag)), tap_(std::move(tap)), stop_(std::move(stop)) {}

base::Result<std::unique_ptr<ProcessWatch>> ProcessWatch::start() {
  auto diag = SockDiag::open();
  if (!diag) return base::Unexpected(diag.error());
  auto tap = FlowTap::open();
  if (!tap) return base::Unexpected(tap.error());
  base::Fd stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop) return base::fail(errno, "eventfd", "process watch");
  std::unique_ptr<ProcessWatch> watch(
      new ProcessWatch(std::move(*diag), std::move(*tap), std::move(stop)));
  watch->look_at_all();
  const BlockSignals blocked;
  try {
    watch->thread_ = std::thread([self = watch.get()] { self->run(); });
    ::pthread_setname_np(watch->thread_.native_handle(), "pktana-process");
  } catch (const std::system_error& failure) {
    return base::fail(failure.code().value(), "start thread", "process watch");
  }
  return watch;
}

ProcessWatch::~ProcessWatch() {
  const uint64_t one = 1;
  (void)!::write(stop_.get(), &one, sizeof one);
  if (thread_.joinable()) thread_.join();
}

void ProcessWatch::run() noexcept {
  // A client that is gone in milliseconds does not wait for its turn; where this is not allowed,
  // fewer of them are matched. What the thread may use of a CPU is bounded below.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kPriority);
  int64_t next_ns = base::monotonic_ns() + kIntervalNs;
  while (true) {
    pollfd waits[] = {{stop_.get(), POLLIN, 0}, {tap_.fd(), POLLIN, 0}};
    const int64_t left_ns = std::max<int64_t>(0, next_ns - base::monotonic_ns());
    (void)::poll(waits, 2, static_cast<int>(left_ns / base::kNsPerMs) + 1);
    if (waits[0].revents != 0) return;
    const int64_t began_ns = base::monotonic_ns();
    if (waits[1].revents != 0) look_at_new();
    const int64_t worked_ns = base::monotonic_ns() - began_ns;
    if (base::monotonic_ns() >= next_ns) next_ns = look_at_all_and_plan();
    // Short work, as for a few new connections, needs no rest.
    const int rest_ms = static_cast<int>((kShareOfCpu - 1) * worked_ns / base::kNsPerMs);
    if (worked_ns > kShortWorkNs && ::poll(waits, 1, rest_ms) > 0) return;
  }
}

int64_t ProcessWatch::look_at_all_and_plan() {
  const int64_t began_ns = base::monotonic_ns();
  look_at_all();
  const int64_t ended_ns = base::monotonic_ns();
  return ended_ns + std::max(kIntervalNs, kShareOfCpu * (ended_ns - began_ns));
}

void ProcessWatch::look_at_all() {
  refresh_addresses();
  refresh_holders();
  const int64_t now_ns = base::realtime_ns();
  (void)diag_.list([&](const SocketInfo& socket) {
    const auto found = holders_.find(socket.inode);
    if (socket.inode == 0 || found == holders_.end()) return;
    owners_.note(socket.tuple, {found->second.process, socket.uid, found->second.is_shared},
                 now_ns);
  });
  owners_.forget_old(now_ns);
}

void ProcessWatch::refresh_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return;
  std::vector<SocketEnd> addresses;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    const sockaddr* address = entry->ifa_addr;
    if (address != nullptr && (address->sa_family == AF_INET || address->sa_family == AF_INET6))
      addresses.push_back(end_of(*address));
  }
  ::freeifaddrs(list);
  owners_.set_local_addresses(std::move(addresses));
}

/// A process may have changed its name (exec), a socket its process (fork, descriptor passing).
void ProcessWatch::refresh_holders() {
  holders_.clear();
  processes_.clear();
  for (const uint32_t pid : files_.list())
    files_.visit_sockets(pid, [&](uint32_t inode) {
      const auto [found, is_new] = holders_.try_emplace(inode);
      if (is_new || found->second.process->pid != pid) found->second = {process_of(pid), !is_new};
    });
}

std::shared_ptr<const ProcessInfo> ProcessWatch::process_of(uint32_t pid) {
  auto& known = processes_[pid];
  if (!known) known = std::make_shared<const ProcessInfo>(files_.read(pid));
  return known;
}

void ProcessWatch::look_at_new() {
  std::unordered_set<SocketTuple, SocketTupleHash> udp;
  const int64_t now_ns = base::realtime_ns();
  for (size_t i = 0; i < kMaxNewAtOnce; ++i) {
    const auto tuple = tap_.take();
    if (!tuple) break;
    if (tuple->protocol != kTcp) {
      if (!owners_.knows(*tuple, now_ns)) udp.insert(*tuple);
      continue;
    }
    SocketInfo socket;
    if (diag_.find_tcp(*tuple, socket)) note(socket, now_ns);
  }
  if (!udp.empty()) look_at_udp(udp);
}

/// Those of the ends, and those of their ports: an unconnected socket knows no remote end.
void ProcessWatch::look_at_udp(const std::unordered_set<SocketTuple, SocketTupleHash>& wanted) {
  std::unordered_set<uint16_t> ports;
  for (const SocketTuple& tuple : wanted)
    ports.insert(tuple.local.port);
  std::vector<SocketInfo> sockets;
  (void)diag_.list_udp([&](const SocketInfo& socket) {
    if (ports.contains(socket.tuple.local.port)) sockets.push_back(socket);
  });
  for (const SocketInfo& socket : sockets)
    note(socket, base::realtime_ns());
}

void ProcessWatch::note(const SocketInfo& socket, int64_t now_ns) {
  if (socket.inode == 0) return;
  if (const Holder* holder = find_holder(socket.inode))
    owners_.note(socket.tuple, {holder->process, socket.uid, holder->is_shared}, now_ns);
}

/// Processes that opened connections lately are asked first, then the youngest.
const ProcessWatch::Holder* ProcessWatch::find_holder(uint32_t inode) {
  if (const auto known = holders_.find(inode); known != holders_.end()) return &known->second;
  for (const uint32_t pid : std::vector<uint32_t>(lately_))
    if (search_process(pid, inode)) return &holders_.at(inode);
  for (const uint32_t pid : files_.list())
    if (search_process(pid, inode)) return &holders_.at(inode);
  return nullptr;
}

bool ProcessWatch::search_process(uint32_t pid, uint32_t inode) {
  bool is_found = false;
  files_.visit_sockets(pid, [&](uint32_t held) { is_found = is_found || held == inode; });
  if (!is_found) return false;
  processes_.erase(pid);  // the number may be another process's by now, or the name another
  holders_[inode] = {process_of(pid), false};
  std::erase(lately_, pid);
  lately_.insert(lately_.begin(), pid);
  lately_.resize(std::min(lately_.size(), kMaxLately));
  return true;
}

}  // namespace pktana::engine
