// SPDX-License-Identifier: Apache-2.0
#include "daemon/heritage.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <fcntl.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/units.h"

namespace pktana::daemon {
namespace {

constexpr int kFirstFd = 3;
constexpr uint64_t kMostFds = 4096;

std::string take_variable(const char* name) {
  const char* value = ::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, mark);)
    parts.push_back(part);
  return parts;
}

/// The generation in a state's name; 0 if it is none.
uint64_t generation_of(const std::string& name) {
  const auto parts = split(name, '-');
  if (parts.size() != 4 || parts[0] != "state") return 0;
  const auto number = base::parse_count(parts[1], 1, INT64_MAX);
  return number ? *number : 0;
}

}  // namespace

std::vector<NamedFd> take_listen_fds() {
  const std::string pid = take_variable("LISTEN_PID");
  const std::string count = take_variable("LISTEN_FDS");
  const auto names = split(take_variable("LISTEN_FDNAMES"), ':');
  std::vector<NamedFd> fds;
  const auto number = base::parse_count(count, 1, kMostFds);
  if (!number || pid != std::to_string(::getpid())) return fds;
  for (int i = 0; i < static_cast<int>(*number); ++i) {
    const auto place = static_cast<size_t>(i);
    base::Fd fd(kFirstFd + i);
    (void)::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    fds.push_back({.name = place < names.size() ? names[place] : "", .fd = std::move(fd)});
  }
  return fds;
}

std::string ring_name(const std::string& interface, size_t worker) {
  return fmt::format("ring-{}-{}", interface, worker);
}

std::string state_name(uint64_t generation, size_t worker, size_t file) {
  return fmt::format("state-{}-{}-{}", generation, worker, file);
}

uint64_t Heritage::next_generation() const {
  uint64_t highest = 0;
  for (const NamedFd& one : fds_)
    highest = std::max(highest, generation_of(one.name));
  return highest + 1;
}

int Heritage::find(const std::string& name) const noexcept {
  const auto found = std::find_if(fds_.begin(), fds_.end(),
                                  [&](const NamedFd& one) { return one.name == name && one.fd; });
  return found == fds_.end() ? -1 : found->fd.get();
}

engine::KeptState Heritage::state_of(size_t worker) const {
  engine::KeptState best;
  for (const NamedFd& one : fds_) {
    const uint64_t generation = generation_of(one.name);
    if (generation == 0 || one.name != state_name(generation, worker, 0)) continue;
    std::array<int, engine::kKeptFiles> files{};
    for (size_t i = 0; i < files.size(); ++i)
      files[i] = find(state_name(generation, worker, i));
    engine::KeptState state = engine::read_kept_state(files);
    if (state.epoch > best.epoch) best = std::move(state);
  }
  return best;
}

base::Fd Heritage::take_ring(const std::string& interface, size_t worker) {
  for (NamedFd& one : fds_)
    if (one.name == ring_name(interface, worker)) return std::move(one.fd);
  return {};
}

bool Heritage::has_ring(const std::string& interface, size_t worker) const {
  return find(ring_name(interface, worker)) >= 0;
}

std::vector<std::string> Heritage::names() const {
  std::vector<std::string> names;
  for (const NamedFd& one : fds_)
    if (one.fd && std::find(names.begin(), names.end(), one.name) == names.end())
      names.push_back(one.name);
  return names;
}

unsigned bound_interface(int fd) noexcept {
  sockaddr_ll address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return address.sll_ifindex > 0 ? static_cast<unsigned>(address.sll_ifindex) : 0;
}

}  // namespace pktana::daemon
