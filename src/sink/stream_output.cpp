// SPDX-License-Identifier: Apache-2.0
#include "sink/stream_output.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace pktana::sink {
namespace {

/// Whether a write that failed with `error` may be tried again; waits if there was no room.
bool may_retry(int fd, int error) noexcept {
  if (error == EINTR) return true;
  if (error != EAGAIN) return false;
  pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
  (void)::poll(&writable, 1, -1);  // whatever comes of it, write(2) will say it better
  return true;
}

}  // namespace

void StreamOutput::start(std::span<const char> bytes) noexcept {
  written_ = {};
  while (written_.bytes < bytes.size()) {
    const ssize_t count =
        ::write(fd_, bytes.data() + written_.bytes, bytes.size() - written_.bytes);
    const int error = count < 0 ? errno : 0;
    if (count >= 0) {
      written_.bytes += static_cast<size_t>(count);
    } else if (!may_retry(fd_, error)) {
      written_.error = error;
      return;
    }
  }
}

base::Result<void> StreamOutput::close() {
  if (!owned_) return {};
  if (::close(owned_.release()) != 0 && errno != EINTR) return base::fail(errno, "close");
  return {};
}

}  // namespace pktana::sink
