// SPDX-License-Identifier: Apache-2.0
#include "cli/pipe_watch.h"

#include <array>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pktana::cli {

PipeWatch::PipeWatch(int fd, std::atomic<bool>& stop) : done_(::eventfd(0, EFD_CLOEXEC)) {
  if (done_) thread_ = std::thread([this, fd, &stop] { watch(fd, stop); });
}

PipeWatch::~PipeWatch() {
  if (!thread_.joinable()) return;
  constexpr uint64_t kOne = 1;
  (void)!::write(done_.get(), &kOne, sizeof kOne);
  thread_.join();
}

void PipeWatch::watch(int fd, std::atomic<bool>& stop) noexcept {
  // POLLERR and POLLHUP are reported unasked: a pipe without a reader, a socket or terminal that
  // hung up.
  std::array<pollfd, 2> waiting{{{fd, 0, 0}, {done_.get(), POLLIN, 0}}};
  while (::poll(waiting.data(), waiting.size(), -1) < 0) {
  }
  if ((waiting[0].revents & (POLLERR | POLLHUP)) == 0) return;
  closed_ = true;
  stop = true;
}

}  // namespace pktana::cli
