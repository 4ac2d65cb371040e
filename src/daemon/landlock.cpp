// SPDX-License-Identifier: Apache-2.0
// The Landlock part of sandbox.h: only our directories can be written to, only what we read can be
// read, and of TCP only the port of the metrics is left. Later ABIs than Debian 12's headers know
// are used where the kernel has them.
#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "daemon/sandbox.h"

namespace pktana::daemon {
namespace {

// Not in Linux 6.1's headers.
constexpr uint64_t kRefer = uint64_t{1} << 13;        // ABI 2
constexpr uint64_t kTruncate = uint64_t{1} << 14;     // ABI 3
constexpr uint64_t kIoctlDevice = uint64_t{1} << 15;  // ABI 5
constexpr uint64_t kFirstAbi = (uint64_t{1} << 13) - 1;

constexpr uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWrite = kRead | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                            LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                            LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | kTruncate |
                            kRefer;
constexpr uint64_t kOfFiles =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;

constexpr uint64_t kBindTcp = uint64_t{1} << 0;     // ABI 4
constexpr uint64_t kConnectTcp = uint64_t{1} << 1;  // ABI 4
constexpr int kNetPortRule = 2;

/// As Linux 6.7 has them; with ABI 1 to 3 the first member is given alone.
struct RulesetAttributes {
  uint64_t handled_access_fs = 0;
  uint64_t handled_access_net = 0;
};
struct NetPortAttributes {
  uint64_t allowed_access = 0;
  uint64_t port = 0;
};

uint64_t handled_by(int abi) noexcept {
  uint64_t handled = kFirstAbi;
  if (abi >= 2) handled |= kRefer;
  if (abi >= 3) handled |= kTruncate;
  if (abi >= 5) handled |= kIoctlDevice;
  return handled;
}

/// What isn't there needs no rule.
base::Result<void> allow(int rules, const std::string& path, uint64_t access) {
  const base::Fd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place) return {};
  const bool directory = ::faccessat(place.get(), ".", F_OK, 0) == 0;
  landlock_path_beneath_attr rule{};
  rule.parent_fd = place.get();
  rule.allowed_access = directory ? access : access & kOfFiles;
  if (::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return base::fail(errno, "Landlock", path);
  return {};
}

base::Result<void> allow_port(int rules, uint16_t port) {
  const NetPortAttributes rule{.allowed_access = kBindTcp, .port = port};
  if (::syscall(SYS_landlock_add_rule, rules, kNetPortRule, &rule, 0) != 0)
    return base::fail(errno, "Landlock", "TCP port " + std::to_string(port));
  return {};
}

}  // namespace

base::Result<int> restrict_files(const SandboxPaths& paths) {
  const auto abi = static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
  if (abi < 1) return base::fail(errno, "Landlock", "this kernel has it not, or not switched on");
  const bool with_net = abi >= 4;
  RulesetAttributes attributes{.handled_access_fs = handled_by(abi)};
  if (with_net) attributes.handled_access_net = kBindTcp | kConnectTcp;
  const size_t size = with_net ? sizeof attributes : sizeof attributes.handled_access_fs;
  const base::Fd rules(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0)));
  if (!rules) return base::fail(errno, "Landlock");
  for (const std::string& path : paths.read)
    if (auto allowed = allow(rules.get(), path, kRead & attributes.handled_access_fs); !allowed)
      return base::Unexpected(allowed.error());
  for (const std::string& path : paths.write)
    if (auto allowed = allow(rules.get(), path, kWrite & attributes.handled_access_fs); !allowed)
      return base::Unexpected(allowed.error());
  if (with_net && paths.listen)
    if (auto allowed = allow_port(rules.get(), *paths.listen); !allowed)
      return base::Unexpected(allowed.error());
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0)
    return base::fail(errno, "Landlock");
  return abi;
}

}  // namespace pktana::daemon
