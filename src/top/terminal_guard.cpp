// SPDX-License-Identifier: Apache-2.0
#include "top/terminal_guard.h"

#include <array>
#include <csignal>

#include <unistd.h>

namespace pktana::top {
namespace {

constexpr std::array<int, 9> kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGSEGV,
                                      SIGBUS, SIGFPE,  SIGILL, SIGABRT};

/// What a handler may look at: set before handlers are, cleared after.
struct Restore {
  std::atomic<bool>* stop = nullptr;
  int fd = -1;
  const char* leave = nullptr;
  size_t leave_bytes = 0;
  termios before{};
};
Restore restore;

static_assert(std::atomic<bool>::is_always_lock_free, "stored to by a signal handler");

/// Async-signal-safe: write, tcsetattr, signal, raise are.
void on_signal(int number) {
  const bool asks = number == SIGINT || number == SIGTERM;
  if (asks && !restore.stop->exchange(true)) return;
  (void)!::write(restore.fd, restore.leave, restore.leave_bytes);
  (void)::tcsetattr(restore.fd, TCSANOW, &restore.before);
  ::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

struct TerminalGuard::Handlers {
  std::string leave;
  std::array<struct sigaction, kSignals.size()> before{};
};

TerminalGuard::TerminalGuard(std::atomic<bool>& stop, int fd, std::string leave,
                             const termios& before)
    : handlers_(std::make_unique<Handlers>()) {
  handlers_->leave = std::move(leave);
  restore = {.stop = &stop,
             .fd = fd,
             .leave = handlers_->leave.data(),
             .leave_bytes = handlers_->leave.size(),
             .before = before};
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: what waits for a key wakes up
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals[i], &action, &handlers_->before[i]);
}

TerminalGuard::~TerminalGuard() {
  for (size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals[i], &handlers_->before[i], nullptr);
  restore = {};
}

}  // namespace pktana::top
