// SPDX-License-Identifier: Apache-2.0
#include "sink/doorbell.h"

#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pktana::sink {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "a futex is a plain word");

void Doorbell::wake() noexcept {
  ::syscall(SYS_futex, &asleep_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void Doorbell::sleep(int timeout_ms) noexcept {
  timespec timeout{};
  timeout.tv_sec = timeout_ms / 1000;
  timeout.tv_nsec = timeout_ms % 1000 * 1'000'000L;
  // Returns at once when the word is no longer 1: somebody rang meanwhile.
  ::syscall(SYS_futex, &asleep_, FUTEX_WAIT_PRIVATE, 1, timeout_ms < 0 ? nullptr : &timeout,
            nullptr, 0);
}

}  // namespace pktana::sink
