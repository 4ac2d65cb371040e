// SPDX-License-Identifier: Apache-2.0
#include "kernel/live_network.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <sched.h>

#include "base/clock.h"
#include "support/catch.h"
#include "support/skip.h"

namespace pktana::tests {
namespace {

constexpr char kOwnNamespace[] = "/proc/thread-self/ns/net";

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

LiveNetwork::LiveNetwork(base::Fd before) noexcept : before_(std::move(before)) {}

std::unique_ptr<LiveNetwork> LiveNetwork::create() {
  base::Fd before(::open(kOwnNamespace, O_RDONLY | O_CLOEXEC));
  if (before && ::unshare(CLONE_NEWNET) == 0) {
    std::unique_ptr<LiveNetwork> network(new LiveNetwork(std::move(before)));
    // New interfaces would send IPv6 router and neighbour solicitations.
    network->run(
        "sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1");
    return network;
  }
  const std::string reason =
      std::string("no right to make a network namespace: ") + std::strerror(errno);
  if (is_set("CI")) FAIL(reason);
  support::skip_case(reason);
  return nullptr;
}

LiveNetwork::~LiveNetwork() { (void)::setns(before_.get(), CLONE_NEWNET); }

void LiveNetwork::add_pair(const std::string& sender, const std::string& receiver) {
  run("ip link add " + sender + " type veth peer name " + receiver);
  set_up(sender, true);
  set_up(receiver, true);
}

void LiveNetwork::set_up(const std::string& interface_name, bool up) {
  run("ip link set " + interface_name + (up ? " up" : " down"));
}

std::string LiveNetwork::run(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "re");
  REQUIRE(pipe != nullptr);
  std::array<char, 512> piece;
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr)
    output += piece.data();
  const int status = ::pclose(pipe);
  INFO(command << ": " << output);
  REQUIRE(status == 0);
  return output;
}

double thread_cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace pktana::tests
