// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <ctime>

namespace pktana::base {
namespace {
int64_t read_clock(clockid_t id) noexcept {
  timespec now{};
  ::clock_gettime(id, &now);
  return static_cast<int64_t>(now.tv_sec) * kNsPerSecond + now.tv_nsec;
}
}  // namespace

int64_t realtime_ns() noexcept { return read_clock(CLOCK_REALTIME); }

int64_t monotonic_ns() noexcept { return read_clock(CLOCK_MONOTONIC); }

}  // namespace pktana::base
