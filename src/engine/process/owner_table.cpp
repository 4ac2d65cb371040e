// SPDX-License-Identifier: Apache-2.0
#include "engine/process/owner_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pktana::engine {
namespace {

constexpr int64_t kSlackNs = 2'000'000'000;    ///< between a socket's life and its packets
constexpr int64_t kRecentNs = 60'000'000'000;  ///< how long a process is likely to come back
constexpr size_t kMatches = 4;

SocketTuple local_end(const SocketTuple& tuple) noexcept {
  SocketTuple key = tuple;
  key.remote = {};
  return key;
}

SocketTuple any_address(const SocketTuple& tuple, bool is_ipv4) noexcept {
  SocketTuple key = local_end(tuple);
  key.local.address = {};
  key.is_ipv4 = is_ipv4;
  return key;
}

SocketTuple remote_end(const SocketTuple& tuple) noexcept {
  SocketTuple key = tuple;
  key.local = {};
  return key;
}

}  // namespace

std::string_view to_string(ProcessMatch match) noexcept {
  constexpr std::array<std::string_view, kMatches> kNames{"exact", "listener", "recent",
                                                          "ambiguous"};
  return kNames[static_cast<size_t>(match)];
}

void OwnerTable::note_in(Map& map, const SocketTuple& key, const SocketOwner& owner,
                         int64_t now_ns) {
  const auto [found, is_new] = map.try_emplace(key);
  Entry& entry = found->second;
  const bool changed = !is_new && entry.owner.process->pid != owner.process->pid;
  entry.is_contested = (changed || entry.is_contested) && now_ns - entry.last_ns < kRecentNs;
  // Another process: its socket began now. The same one may have closed and opened in between,
  // which makes no difference to the answer.
  if (is_new || changed) entry.first_ns = now_ns;
  entry.owner = owner;
  entry.last_ns = now_ns;
}

void OwnerTable::note(const SocketTuple& tuple, const SocketOwner& owner, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  if (tuple.remote.port == 0) {
    note_in(listeners_, tuple, owner, now_ns);
    return;
  }
  note_in(sockets_, tuple, owner, now_ns);
  note_in(remotes_, remote_end(tuple), owner, now_ns);
}

bool OwnerTable::knows(const SocketTuple& tuple, int64_t now_ns) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = sockets_.find(tuple);
      found != sockets_.end() && found->second.last_ns > now_ns - kSlackNs)
    return true;
  const Entry* listener = find_listener(tuple);
  return listener != nullptr && listener->last_ns > now_ns - kSlackNs;
}

void OwnerTable::forget_in(Map& map, int64_t before_ns) {
  std::erase_if(map, [before_ns](const auto& one) { return one.second.last_ns < before_ns; });
  if (map.size() <= kMaxSockets) return;
  std::vector<int64_t> times;
  for (const auto& [key, entry] : map)
    times.push_back(entry.last_ns);
  const auto cut = times.begin() + static_cast<std::ptrdiff_t>(times.size() - kMaxSockets);
  std::nth_element(times.begin(), cut, times.end());
  std::erase_if(map, [oldest = *cut](const auto& one) { return one.second.last_ns < oldest; });
}

void OwnerTable::forget_old(int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  for (Map* map : {&sockets_, &listeners_, &remotes_})
    forget_in(*map, now_ns - kKeepNs);
}

void OwnerTable::set_local_addresses(std::vector<SocketEnd> addresses) {
  const std::lock_guard lock(mutex_);
  local_addresses_ = std::move(addresses);
}

bool OwnerTable::is_local(const SocketTuple& tuple) const {
  constexpr uint8_t kLoopback = 127;
  const auto& address = tuple.local.address;
  if (tuple.is_ipv4 && address[0] == kLoopback) return true;
  return std::any_of(local_addresses_.begin(), local_addresses_.end(),
                     [&](const SocketEnd& own) { return own.address == address; });
}

const OwnerTable::Entry* OwnerTable::find_listener(const SocketTuple& tuple) const {
  // A socket on :: takes IPv4, too.
  for (const SocketTuple& key :
       {local_end(tuple), any_address(tuple, tuple.is_ipv4), any_address(tuple, false)})
    if (const auto found = listeners_.find(key); found != listeners_.end()) return &found->second;
  return nullptr;
}

std::optional<OwnerAnswer> OwnerTable::find(const SocketTuple& tuple, int64_t start_ns,
                                            int64_t end_ns) const {
  const std::lock_guard lock(mutex_);
  if (!is_local(tuple)) return std::nullopt;
  const auto lived = [&](const Entry& entry, int64_t slack_ns) {
    return end_ns >= entry.first_ns - slack_ns && start_ns <= entry.last_ns + slack_ns;
  };
  const auto answer = [](const Entry& entry, ProcessMatch match, bool doubtful) {
    return OwnerAnswer{entry.owner, doubtful ? ProcessMatch::Ambiguous : match};
  };
  if (const auto found = sockets_.find(tuple); found != sockets_.end())
    if (const Entry& entry = found->second; lived(entry, kSlackNs))
      return answer(entry, ProcessMatch::Exact, entry.owner.is_shared);
  if (const Entry* entry = find_listener(tuple); entry != nullptr && lived(*entry, kSlackNs))
    return answer(*entry, ProcessMatch::Listener, entry->owner.is_shared || entry->is_contested);
  if (const auto found = remotes_.find(remote_end(tuple)); found != remotes_.end())
    if (const Entry& entry = found->second; lived(entry, kRecentNs))
      return answer(entry, ProcessMatch::Recent, entry.is_contested);
  return std::nullopt;
}

size_t OwnerTable::size() const {
  const std::lock_guard lock(mutex_);
  return sockets_.size() + listeners_.size();
}

}  // namespace pktana::engine
