// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/host_facts.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <linux/capability.h>
#include <linux/io_uring.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cpu_affinity.h"
#include "base/fd.h"

namespace pktana::cli {
namespace {

// Of linux/landlock.h and linux/io_uring.h, whose headers may be missing where pktana is built.
constexpr long kLandlockCreateRuleset = 444;
constexpr unsigned kLandlockAskVersion = 1;

int try_packet_socket() noexcept {
  // Protocol 0: it receives nothing.
  const base::Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  return socket ? 0 : errno;
}

int try_io_uring() noexcept {
  io_uring_params params{};
  const long fd = ::syscall(SYS_io_uring_setup, 1, &params);
  const int error = errno;
  const base::Fd ring(static_cast<int>(fd));
  return ring ? 0 : error;
}

int ask_landlock_abi() noexcept {
  const long abi = ::syscall(kLandlockCreateRuleset, nullptr, size_t{0}, kLandlockAskVersion);
  return abi > 0 ? static_cast<int>(abi) : 0;
}

bool has_effective_capability(unsigned capability) noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
  if (::syscall(SYS_capget, &header, data) != 0) return false;
  return (data[capability / 32].effective >> capability % 32 & 1) != 0;
}

uint64_t memlock_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
  return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

/// The log itself need not be there yet: its file system is that of the directory above it.
std::optional<DiskFacts> measure_disk(const std::string& log_path) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(log_path, error).lexically_normal();
  if (error) return std::nullopt;
  while (!std::filesystem::exists(path, error) && path.has_relative_path())
    path = path.parent_path();
  struct statvfs disk {};
  if (::statvfs(path.c_str(), &disk) != 0) return std::nullopt;
  return DiskFacts{.path = path.string(),
                   .free_bytes = uint64_t{disk.f_bavail} * disk.f_frsize,
                   .total_bytes = uint64_t{disk.f_blocks} * disk.f_frsize};
}

std::string own_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "pktana" : path.string();
}

std::vector<LinkFacts> ask_links() {
  std::vector<LinkFacts> links;
  const auto interfaces = ring::list_interfaces();
  if (!interfaces) return links;
  for (const ring::Interface& interface : *interfaces) {
    auto details = ring::ask_link_details(interface.name);
    links.push_back({interface, details ? std::move(*details) : ring::LinkDetails()});
  }
  return links;
}

}  // namespace

HostFacts gather_host_facts(const Plan& plan) {
  HostFacts facts;
  utsname name{};
  if (::uname(&name) == 0) facts.kernel_release = name.release;
  facts.program_path = own_path();
  facts.packet_socket_errno = try_packet_socket();
  facts.io_uring_errno = try_io_uring();
  facts.landlock_abi = ask_landlock_abi();
  facts.memlock_bytes = memlock_limit();
  facts.may_lock_memory = has_effective_capability(CAP_IPC_LOCK);
  facts.cpus = base::usable_cpu_count();
  facts.disk = measure_disk(plan.log_path);
  facts.links = ask_links();
  return facts;
}

}  // namespace pktana::cli
