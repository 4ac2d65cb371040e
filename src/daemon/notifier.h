// SPDX-License-Identifier: Apache-2.0
// What a service tells its manager: the client side of systemd's notify protocol, sd_notify(3),
// over its unix datagram socket. Without a manager nothing is sent and nothing fails.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace pktana::daemon {

class Notifier {
 public:
  /// From NOTIFY_SOCKET and WATCHDOG_USEC, which are taken out of the environment. The socket is
  /// connected here: later no file is looked up any more.
  [[nodiscard]] static base::Result<Notifier> from_environment();

  [[nodiscard]] bool has_manager() const noexcept { return static_cast<bool>(socket_); }
  /// Longest time between two signs of life; 0 = none are wanted.
  [[nodiscard]] int64_t watchdog_ns() const noexcept { return watchdog_ns_; }

  void ready(std::string_view status) const noexcept;
  void status(std::string_view status) const noexcept;
  void reloading() const noexcept;
  /// False: nobody hears it. The manager's end of the socket goes with its process.
  bool stopping() const noexcept { return send("STOPPING=1"); }
  void alive() const noexcept { send("WATCHDOG=1"); }

  /// Gives a descriptor into the manager's keeping, by this name; the same one twice counts once.
  /// False: nobody took it.
  bool store(int fd, std::string_view name) const noexcept;
  /// All that is kept by this name is let go.
  void remove(std::string_view name) const noexcept;

 private:
  bool send(std::string_view text, std::span<const int> fds = {}) const noexcept;

  base::Fd socket_;
  int64_t watchdog_ns_ = 0;
};

}  // namespace pktana::daemon
