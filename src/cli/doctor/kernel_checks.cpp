// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/doctor/checks.h"

namespace pktana::cli {
namespace {

constexpr char kClockPath[] = "/sys/devices/system/clocksource/clocksource0/";

int64_t kernel_number(const std::string& release) noexcept {
  int major = 0;
  int minor = 0;
  if (std::sscanf(release.c_str(), "%d.%d", &major, &minor) != 2) return 0;
  return int64_t{major} * 1000 + minor;
}

bool is_in_list(const std::string& list, const std::string& word) {
  return (" " + list + " ").find(" " + word + " ") != std::string::npos;
}

bool has_seccomp_filter(const SystemFiles& files) {
  const auto status = files.read("/proc/self/status");
  return status && status->find("\nSeccomp:\t2") != std::string::npos;
}

bool is_in_user_namespace(const SystemFiles& files) {
  const auto map = files.read("/proc/self/uid_map");
  return map && map->find("4294967295") == std::string::npos;
}

bool may_make_user_namespace(const SystemFiles& files) {
  return files.read_number("/proc/sys/user/max_user_namespaces").value_or(0) > 0 &&
         files.read_number("/proc/sys/kernel/unprivileged_userns_clone").value_or(1) != 0;
}

}  // namespace

Finding check_kernel(const HostFacts& facts) {
  constexpr int64_t kFanoutIsSymmetric = 4'007;
  constexpr int64_t kIgnoresOutgoing = 4'020;
  const int64_t number = kernel_number(facts.kernel_release);
  if (number == 0) return warn("kernel", "its version can't be told", "uname -r");
  const std::string name = "Linux " + facts.kernel_release;
  const std::string upgrade = "sudo apt-get install linux-image-amd64 && sudo reboot";
  if (number < kFanoutIsSymmetric)
    return fail("kernel", name + ": below 4.7 both directions of a flow may go to two threads",
                upgrade);
  if (number < kIgnoresOutgoing)
    return warn("kernel", name + ": below 4.20 packets sent here can't be left out", upgrade);
  return pass("kernel", name);
}

Finding check_rights(const HostFacts& facts, const SystemFiles& files) {
  const bool inside = is_in_user_namespace(files);
  if (facts.packet_socket_errno == 0)
    return pass("rights", inside ? "packet sockets open, inside a user namespace: only "
                                   "interfaces of its own network namespace can be captured"
                                 : "packet sockets open (CAP_NET_RAW)");
  if (facts.packet_socket_errno == EPERM && !inside)
    return fail("rights",
                std::string("no CAP_NET_RAW: live capture is refused") +
                    (may_make_user_namespace(files)
                         ? ""
                         : "; nor may user namespaces be made here, for trying things out"),
                "sudo setcap cap_net_raw+ep " + facts.program_path);
  if (facts.packet_socket_errno == EPERM)
    return fail("rights", "no CAP_NET_RAW in this container or user namespace",
                "docker run --cap-add NET_RAW --network host ...");
  return fail("rights",
              std::string("socket(AF_PACKET): ") + std::strerror(facts.packet_socket_errno),
              "sudo modprobe af_packet");
}

Finding check_io_uring(const HostFacts& facts, const SystemFiles& files) {
  if (facts.io_uring_errno == 0) return pass("io_uring", "may be used");
  const std::string cost = ": files are written by pwrite, at more CPU time";
  if (facts.io_uring_errno == ENOSYS)
    return warn("io_uring", "not in this kernel or hidden by seccomp" + cost,
                "docker run --security-opt seccomp=PROFILE_WITH_IO_URING ...");
  const int64_t disabled = files.read_number("/proc/sys/kernel/io_uring_disabled").value_or(0);
  if (disabled != 0)
    return warn("io_uring", "kernel.io_uring_disabled is " + std::to_string(disabled) + cost,
                "sudo sysctl -w kernel.io_uring_disabled=0");
  if (has_seccomp_filter(files))
    return warn("io_uring", "refused by a seccomp filter" + cost,
                "docker run --security-opt seccomp=PROFILE_WITH_IO_URING ...");
  return warn("io_uring", std::string(std::strerror(facts.io_uring_errno)) + cost,
              "ulimit -l unlimited");
}

Finding check_landlock(const HostFacts& facts) {
  if (facts.landlock_abi > 0) return pass("landlock", "ABI " + std::to_string(facts.landlock_abi));
  return warn("landlock", "not there: a process can't be confined to its own files",
              "add lsm=landlock,... to GRUB_CMDLINE_LINUX in /etc/default/grub; sudo update-grub");
}

Finding check_btf(const SystemFiles& files) {
  if (files.exists("/sys/kernel/btf/vmlinux")) return pass("btf", "the kernel has its types");
  return warn("btf",
              "no /sys/kernel/btf/vmlinux: BPF programs that move between kernels can't load",
              "use a kernel that was built with CONFIG_DEBUG_INFO_BTF=y");
}

Finding check_clock_source(const SystemFiles& files) {
  const std::string current =
      files.read(std::string(kClockPath) + "current_clocksource").value_or("");
  const std::string available =
      files.read(std::string(kClockPath) + "available_clocksource").value_or("");
  if (current.empty()) return warn("clock", "its source can't be told", "dmesg | grep clocksource");
  if (current != "hpet" && current != "acpi_pm" && current != "jiffies" &&
      current != "refined-jiffies")
    return pass("clock", current);
  const std::string cost = current + ": each time stamp takes a microsecond or is coarse";
  for (const char* better : {"tsc", "kvm-clock"})
    if (is_in_list(available, better))
      return warn(
          "clock", cost,
          std::string("echo ") + better + " | sudo tee " + kClockPath + "current_clocksource");
  return warn("clock", cost, "dmesg | grep -i -E 'tsc|clocksource'");
}

Finding check_bpf_jit(const SystemFiles& files) {
  const auto enabled = files.read_number("/proc/sys/net/core/bpf_jit_enable");
  if (!enabled || *enabled != 0) return pass("filter_jit", "packet filters are compiled");
  return warn("filter_jit", "off: the kernel interprets packet filters, several times slower",
              "sudo sysctl -w net.core.bpf_jit_enable=1");
}

}  // namespace pktana::cli
