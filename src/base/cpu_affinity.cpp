// SPDX-License-Identifier: Apache-2.0
#include "base/cpu_affinity.h"

#include <cerrno>
#include <string>

#include <sched.h>

namespace pktana::base {

Result<std::vector<unsigned>> usable_cpu_list() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return fail(errno, "sched_getaffinity");
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

unsigned usable_cpu_count() noexcept {
  const auto cpus = usable_cpu_list();
  return cpus ? static_cast<unsigned>(cpus->size()) : 1;
}

Result<void> pin_this_thread(unsigned cpu) {
  if (cpu >= CPU_SETSIZE) return fail(EINVAL, "pin", "CPU " + std::to_string(cpu));
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0)
    return fail(errno, "pin", "CPU " + std::to_string(cpu));
  return {};
}

}  // namespace pktana::base
