// SPDX-License-Identifier: Apache-2.0
// The CPUs that threads may run on, and a thread that stays on one of them.
#pragma once

#include <vector>

#include "base/result.h"

namespace pktana::base {

/// Numbers of the CPUs that the calling thread may run on, in order (sched_setaffinity(2): taskset,
/// systemd's CPUAffinity=).
[[nodiscard]] Result<std::vector<unsigned>> usable_cpu_list();

/// How many these are; 1 where the kernel does not tell.
[[nodiscard]] unsigned usable_cpu_count() noexcept;

/// The calling thread runs on that CPU only from now on.
[[nodiscard]] Result<void> pin_this_thread(unsigned cpu);

}  // namespace pktana::base
