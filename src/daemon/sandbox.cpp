// SPDX-License-Identifier: Apache-2.0
#include "daemon/sandbox.h"

#include <cerrno>
#include <filesystem>

#include <sys/prctl.h>
#include <unistd.h>

#include <cap-ng.h>
#include <fmt/format.h>

#include "daemon/listen_address.h"

namespace pktana::daemon {
namespace {

std::string directory_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

void note(const base::Result<void>& step, const char* what, SandboxReport& report) {
  if (step)
    report.done.emplace_back(what);
  else
    report.missing.push_back(step.error());
}

base::Result<void> forbid_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return base::fail(errno, "PR_SET_NO_NEW_PRIVS");
  return {};
}

}  // namespace

base::Result<void> drop_capabilities() {
  // A bounding set can't be changed without CAP_SETPCAP; with no capability and no new privileges
  // nothing in it can be had any more.
  ::capng_clear(CAPNG_SELECT_ALL);
  if (::capng_apply(CAPNG_SELECT_CAPS) != 0) return base::fail(errno, "drop capabilities");
  if (::capng_apply(CAPNG_SELECT_AMBIENT) != 0) return base::fail(errno, "drop capabilities");
  return {};
}

base::Result<SandboxReport> enter_sandbox(SandboxMode mode, const SandboxPaths& paths) {
  SandboxReport report;
  if (mode == SandboxMode::Off) return report;
  note(forbid_new_privileges(), "no new privileges", report);
  if (const auto abi = restrict_files(paths))
    report.done.push_back(fmt::format("Landlock ABI {}", *abi));
  else
    report.missing.push_back(abi.error());
  note(drop_capabilities(), "no capabilities", report);
  // Last: the steps before need calls that it forbids.
  note(filter_system_calls(), "seccomp", report);
  if (mode == SandboxMode::Strict && !report.missing.empty())
    return base::Unexpected(report.missing.front());
  return report;
}

SandboxPaths sandbox_paths(const Config& config, const std::string& config_file) {
  SandboxPaths paths;
  for (const OutputConfig& output : config.outputs)
    // The directory above, if it is ours: a log directory that is removed is made again.
    if (output.type == OutputType::File) {
      paths.write.push_back(directory_of(output.path));
      const std::string above = directory_of(directory_of(output.path));
      if (::access(above.c_str(), W_OK) == 0) paths.write.push_back(above);
    } else if (output.type == OutputType::Unix) {
      paths.write.push_back(directory_of(output.path));
    }
  if (!config.api.socket.empty()) paths.write.push_back(directory_of(config.api.socket));
  if (!config.log.file.empty()) paths.write.push_back(directory_of(config.log.file));
  if (!config.state.directory.empty()) paths.write.push_back(config.state.directory);
  paths.read.push_back(directory_of(std::filesystem::absolute(config_file).string()));
  for (const char* system : {"/proc/self", "/sys/class/net", "/sys/devices", "/etc",
                             "/usr/share/zoneinfo", "/usr/lib/ssl"})
    paths.read.emplace_back(system);
  if (const auto listen = parse_listen_address(config.metrics.listen)) paths.listen = listen->port;
  paths.read.insert(paths.read.end(), config.enrich.geoip.begin(), config.enrich.geoip.end());
  return paths;
}

}  // namespace pktana::daemon
