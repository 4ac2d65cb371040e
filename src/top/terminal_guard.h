// SPDX-License-Identifier: Apache-2.0
// Gives the terminal back as it was, also when the process dies of a signal in the middle of a
// screen.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <termios.h>

namespace pktana::top {

/// One at a time. Takes over SIGINT and SIGTERM: the first sets `stop`, the second ends the
/// process. Before any signal that ends it (also SIGHUP, SIGQUIT, SIGSEGV, SIGABRT and their like)
/// the terminal is put back. The destructor puts the handlers back, not the terminal: an orderly
/// end does that itself.
class TerminalGuard {
 public:
  /// @param leave  sequences that end the screen mode of the terminal.
  TerminalGuard(std::atomic<bool>& stop, int fd, std::string leave, const termios& before);
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;
  ~TerminalGuard();

 private:
  struct Handlers;
  std::unique_ptr<Handlers> handlers_;
};

}  // namespace pktana::top
