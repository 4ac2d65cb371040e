// SPDX-License-Identifier: Apache-2.0
// The checks of the machine, on made-up machines.
#include <cerrno>

#include "cli/doctor/checks.h"
#include "cli/doctor_machine.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

using tests::Machine;

HostFacts kernel(const char* release) {
  HostFacts facts;
  facts.kernel_release = release;
  return facts;
}

TEST_CASE("doctor: old kernels fail or warn, newer ones pass") {
  CHECK(check_kernel(kernel("3.10.0-1160.el7")).verdict == Verdict::Fail);
  CHECK(check_kernel(kernel("4.6.9")).verdict == Verdict::Fail);
  CHECK(check_kernel(kernel("4.19.0-6-amd64")).verdict == Verdict::Warn);
  CHECK(check_kernel(kernel("4.20.1")).verdict == Verdict::Pass);
  CHECK(check_kernel(kernel("6.1.0-18-amd64")).verdict == Verdict::Pass);
  CHECK(check_kernel(kernel("strange")).verdict == Verdict::Warn);
}

TEST_CASE("doctor: without CAP_NET_RAW the mend names the program that runs") {
  Machine machine;
  machine.file("/proc/self/uid_map", "0 0 4294967295\n");
  HostFacts facts;
  facts.program_path = "/usr/bin/pktana";
  CHECK(check_rights(facts, machine.files()).verdict == Verdict::Pass);
  facts.packet_socket_errno = EPERM;
  const Finding refused = check_rights(facts, machine.files());
  CHECK(refused.verdict == Verdict::Fail);
  CHECK(refused.mend == "sudo setcap cap_net_raw+ep /usr/bin/pktana");
  machine.file("/proc/self/uid_map", "0 1000 1\n");
  CHECK(check_rights(facts, machine.files()).mend.find("--cap-add NET_RAW") != std::string::npos);
}

TEST_CASE("doctor: who forbids io_uring is told: the kernel, a sysctl, seccomp") {
  Machine machine;
  HostFacts facts;
  CHECK(check_io_uring(facts, machine.files()).verdict == Verdict::Pass);
  facts.io_uring_errno = EPERM;
  machine.file("/proc/self/status", "Name:\tx\nSeccomp:\t2\n");
  CHECK(check_io_uring(facts, machine.files()).what.find("seccomp") != std::string::npos);
  machine.file("/proc/sys/kernel/io_uring_disabled", "2\n");
  const Finding disabled = check_io_uring(facts, machine.files());
  CHECK(disabled.verdict == Verdict::Warn);
  CHECK(disabled.mend == "sudo sysctl -w kernel.io_uring_disabled=0");
  facts.io_uring_errno = ENOSYS;
  CHECK(check_io_uring(facts, machine.files()).what.find("not in this kernel") == 0);
}

TEST_CASE("doctor: a slow clock source is changed to a better one that is there") {
  const std::string path = "/sys/devices/system/clocksource/clocksource0/";
  Machine machine;
  CHECK(check_clock_source(machine.files()).verdict == Verdict::Warn);
  machine.file(path + "current_clocksource", "hpet\n");
  machine.file(path + "available_clocksource", "tsc hpet acpi_pm\n");
  const Finding slow = check_clock_source(machine.files());
  CHECK(slow.verdict == Verdict::Warn);
  CHECK(slow.mend == "echo tsc | sudo tee " + path + "current_clocksource");
  machine.file(path + "current_clocksource", "tsc\n");
  CHECK(check_clock_source(machine.files()).verdict == Verdict::Pass);
}

TEST_CASE("doctor: Landlock, BTF, the filter compiler and huge pages that are missing warn") {
  Machine machine;
  HostFacts facts;
  CHECK(check_landlock(facts).verdict == Verdict::Warn);
  facts.landlock_abi = 2;
  CHECK(check_landlock(facts).what == "ABI 2");
  CHECK(check_btf(machine.files()).verdict == Verdict::Warn);
  machine.file("/sys/kernel/btf/vmlinux", "x");
  CHECK(check_btf(machine.files()).verdict == Verdict::Pass);
  machine.file("/proc/sys/net/core/bpf_jit_enable", "0\n");
  CHECK(check_bpf_jit(machine.files()).mend == "sudo sysctl -w net.core.bpf_jit_enable=1");
  const std::string huge = "/sys/kernel/mm/transparent_hugepage/enabled";
  machine.file(huge, "always madvise [never]\n");
  CHECK(check_huge_pages(machine.files()).verdict == Verdict::Warn);
  machine.file(huge, "always [madvise] never\n");
  CHECK(check_huge_pages(machine.files()).verdict == Verdict::Pass);
}

TEST_CASE("doctor: locked memory below the registered buffers warns, unless no limit holds") {
  HostFacts facts;
  facts.memlock_bytes = 64 << 10;
  const Finding low = check_memlock(facts);
  CHECK(low.verdict == Verdict::Warn);
  CHECK(low.what.find("64 KiB") == 0);
  facts.may_lock_memory = true;
  CHECK(check_memlock(facts).verdict == Verdict::Pass);
  facts.may_lock_memory = false;
  facts.memlock_bytes = UINT64_MAX;
  CHECK(check_memlock(facts).what == "unlimited");
}

TEST_CASE("doctor: rings that do not fit fail with a size that does") {
  Machine machine;
  const Plan plan{
      .interfaces = {}, .threads = 4, .ring_bytes = uint64_t{64} << 20, .log_path = "."};
  CHECK(check_ring_memory(plan, 2, machine.files()).verdict == Verdict::Warn);  // not known
  machine.file("/proc/meminfo", "MemTotal: 9 kB\nMemAvailable:   4194304 kB\n");
  CHECK(check_ring_memory(plan, 2, machine.files()).verdict == Verdict::Pass);
  machine.file("/proc/meminfo", "MemAvailable:   900000 kB\n");
  CHECK(check_ring_memory(plan, 2, machine.files()).verdict == Verdict::Warn);
  machine.file("/proc/meminfo", "MemAvailable:   262144 kB\n");
  const Finding tight = check_ring_memory(plan, 2, machine.files());
  CHECK(tight.verdict == Verdict::Fail);
  CHECK(tight.mend == "pktana capture --ring-size 16MiB ...");
}

TEST_CASE("doctor: the control group's limit counts when it is the lower one") {
  Machine machine;
  const Plan plan{
      .interfaces = {}, .threads = 1, .ring_bytes = uint64_t{64} << 20, .log_path = "."};
  machine.file("/proc/meminfo", "MemAvailable:   4194304 kB\n");
  machine.file("/sys/fs/cgroup/memory.max", "max\n");
  CHECK(check_ring_memory(plan, 1, machine.files()).verdict == Verdict::Pass);
  machine.file("/sys/fs/cgroup/memory.max", "100000000\n");
  machine.file("/sys/fs/cgroup/memory.current", "90000000\n");
  CHECK(check_ring_memory(plan, 1, machine.files()).verdict == Verdict::Fail);
}

TEST_CASE("doctor: filter memory, drops before the rings and disk space have their limits") {
  Machine machine;
  machine.file("/proc/sys/net/core/optmem_max", "20480\n");
  CHECK(check_filter_memory(machine.files()).verdict == Verdict::Warn);
  machine.file("/proc/sys/net/core/optmem_max", "131072\n");
  CHECK(check_filter_memory(machine.files()).verdict == Verdict::Pass);
  machine.file("/proc/net/softnet_stat",
               "00000a00 00000000 00000001\n00000a00 0000000f 00000001\n");
  const Finding dropped = check_backlog(machine.files());
  CHECK(dropped.verdict == Verdict::Warn);
  CHECK(dropped.what.find("15 packets") == 0);
  HostFacts facts;
  CHECK(check_disk(facts).verdict == Verdict::Warn);
  constexpr uint64_t kGiB = uint64_t{1} << 30;
  facts.disk = DiskFacts{.path = "/var", .free_bytes = 20 * kGiB, .total_bytes = 100 * kGiB};
  CHECK(check_disk(facts).verdict == Verdict::Pass);
  facts.disk->free_bytes = 4 * kGiB;
  CHECK(check_disk(facts).verdict == Verdict::Warn);
  facts.disk->free_bytes = 1 << 20;
  CHECK(check_disk(facts).verdict == Verdict::Fail);
}

}  // namespace
}  // namespace pktana::cli
