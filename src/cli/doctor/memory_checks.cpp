// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "cli/doctor/checks.h"

namespace pktana::cli {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kGiB = uint64_t{1} << 30;

std::string mebibytes(uint64_t bytes) { return std::to_string(bytes / kMiB) + " MiB"; }

/// A line "Name:   123 kB" of /proc/meminfo, in bytes.
std::optional<uint64_t> meminfo_bytes(const SystemFiles& files, const std::string& name) {
  const auto text = files.read("/proc/meminfo");
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  std::string word;
  uint64_t kibibytes = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    if (words >> word >> kibibytes && word == name + ":") return kibibytes * 1024;
  }
  return std::nullopt;
}

/// What this control group has left; none = no limit.
std::optional<uint64_t> cgroup_left_bytes(const SystemFiles& files) {
  const auto limit = files.read_number("/sys/fs/cgroup/memory.max");  // "max" is no number
  if (!limit || *limit < 0) return std::nullopt;
  const auto used = files.read_number("/sys/fs/cgroup/memory.current").value_or(0);
  return static_cast<uint64_t>(std::max<int64_t>(0, *limit - used));
}

std::string ring_size_that_fits(uint64_t room, uint64_t rings) {
  uint64_t size = 64 * kMiB;
  while (size > kMiB && size * rings > room / 2)
    size /= 2;
  return "pktana capture --ring-size " + std::to_string(size / kMiB) + "MiB ...";
}

}  // namespace

Finding check_memlock(const HostFacts& facts) {
  constexpr uint64_t kRegisteredBuffers = 8 * kMiB;
  if (facts.may_lock_memory) return pass("memlock", "no limit holds (CAP_IPC_LOCK)");
  if (facts.memlock_bytes == UINT64_MAX) return pass("memlock", "unlimited");
  if (facts.memlock_bytes >= kRegisteredBuffers)
    return pass("memlock", mebibytes(facts.memlock_bytes));
  return warn("memlock",
              std::to_string(facts.memlock_bytes / 1024) +
                  " KiB: io_uring's buffers are not registered, writing takes more CPU time",
              "ulimit -l 65536   (a systemd unit: LimitMEMLOCK=64M)");
}

Finding check_ring_memory(const Plan& plan, size_t interfaces, const SystemFiles& files) {
  const uint64_t rings = std::max<uint64_t>(1, interfaces) * std::max(1U, plan.threads);
  const uint64_t wanted = rings * plan.ring_bytes;
  auto room = meminfo_bytes(files, "MemAvailable");
  if (const auto left = cgroup_left_bytes(files)) room = room ? std::min(*room, *left) : *left;
  const std::string text = std::to_string(rings) + " of " + mebibytes(plan.ring_bytes) + " = " +
                           mebibytes(wanted) + " of kernel memory";
  if (!room) return warn("rings", text + "; how much is free can't be told", "free -m");
  const std::string both = text + ", " + mebibytes(*room) + " available";
  if (wanted > *room) return fail("rings", both, ring_size_that_fits(*room, rings));
  if (wanted > *room / 2) return warn("rings", both, ring_size_that_fits(*room, rings));
  return pass("rings", both);
}

Finding check_huge_pages(const SystemFiles& files) {
  const auto mode = files.read("/sys/kernel/mm/transparent_hugepage/enabled");
  if (!mode) return pass("huge_pages", "not in this kernel");
  if (mode->find("[never]") == std::string::npos)
    return pass("huge_pages", "the flow table may have them (" + *mode + ")");
  return warn("huge_pages", "off: a large flow table misses the TLB at every packet",
              "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
}

Finding check_filter_memory(const SystemFiles& files) {
  // A filter of 4096 instructions, which is the kernel's limit, counts with 8 bytes each.
  constexpr int64_t kLargestFilter = 4096 * 8;
  const auto most = files.read_number("/proc/sys/net/core/optmem_max");
  const auto receive = files.read_number("/proc/sys/net/core/rmem_max");
  const std::string buffers =
      receive ? "; rmem_max " + std::to_string(*receive) + " does not matter for rings" : "";
  if (!most) return pass("filter_memory", "no limit is told" + buffers);
  const std::string text = "net.core.optmem_max " + std::to_string(*most);
  if (*most >= kLargestFilter) return pass("filter_memory", text + buffers);
  return warn("filter_memory", text + ": long packet filters are refused (ENOMEM)",
              "sudo sysctl -w net.core.optmem_max=131072");
}

Finding check_backlog(const SystemFiles& files) {
  const auto text = files.read("/proc/net/softnet_stat");
  if (!text) return pass("backlog", "no counters here");
  std::istringstream lines(*text);
  uint64_t dropped = 0;
  for (std::string line; std::getline(lines, line);) {
    unsigned long long processed = 0;
    unsigned long long lost = 0;
    if (std::sscanf(line.c_str(), "%llx %llx", &processed, &lost) == 2) dropped += lost;
  }
  if (dropped == 0) return pass("backlog", "the kernel dropped nothing before the rings");
  return warn("backlog", std::to_string(dropped) + " packets dropped before any ring since boot",
              "sudo sysctl -w net.core.netdev_max_backlog=10000");
}

Finding check_disk(const HostFacts& facts) {
  if (!facts.disk) return warn("disk", "free space can't be told", "df -h");
  const DiskFacts& disk = *facts.disk;
  const uint64_t percent = disk.total_bytes == 0 ? 0 : disk.free_bytes * 100 / disk.total_bytes;
  const std::string text =
      disk.path + ": " + mebibytes(disk.free_bytes) + " free (" + std::to_string(percent) + " %)";
  const std::string mend = "du -xh --max-depth=1 " + disk.path + " | sort -h | tail";
  if (disk.free_bytes < 64 * kMiB) return fail("disk", text + ": records will be lost", mend);
  if (disk.free_bytes < kGiB || percent < 5) return warn("disk", text, mend);
  return pass("disk", text);
}

}  // namespace pktana::cli
