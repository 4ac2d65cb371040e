// SPDX-License-Identifier: Apache-2.0
#include "base/fd.h"

#include <unistd.h>

namespace pktana::base {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::reset() noexcept {
  // close() is not tried again on EINTR: Linux has closed the descriptor by then (close(2)).
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace pktana::base
