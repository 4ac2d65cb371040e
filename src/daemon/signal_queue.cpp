// SPDX-License-Identifier: Apache-2.0
#include "daemon/signal_queue.h"

#include <cerrno>
#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

namespace pktana::daemon {

base::Result<SignalQueue> SignalQueue::open() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
    sigaddset(&set, number);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return base::fail(errno, "sigprocmask");
  ::signal(SIGPIPE, SIG_IGN);
  base::Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return base::fail(errno, "signalfd");
  return SignalQueue(std::move(fd));
}

std::optional<int> SignalQueue::take() noexcept {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info))
    return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace pktana::daemon
