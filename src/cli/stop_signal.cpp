// SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signal.h"

#include <csignal>

namespace pktana::cli {
namespace {

std::atomic<bool> stop{false};
std::atomic<bool> signalled{false};

static_assert(std::atomic<bool>::is_always_lock_free, "stored to by a signal handler");

void on_signal(int number) {
  const bool second = signalled.exchange(true);
  stop = true;
  if (!second) return;
  ::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

void take_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: what waits wakes up
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

std::atomic<bool>& stop_wanted() noexcept { return stop; }

bool stopped_by_signal() noexcept { return signalled; }

}  // namespace pktana::cli
