// SPDX-License-Identifier: Apache-2.0
#include "engine/process/proc_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/fd.h"

namespace pktana::engine {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const noexcept { ::closedir(dir); }
};
using Directory = std::unique_ptr<DIR, CloseDir>;

uint32_t number_of(std::string_view text) noexcept {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::string read_text(const std::string& path) {
  const base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> text;
  const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : 0;
  return {text.data(), static_cast<size_t>(std::max<ssize_t>(got, 0))};
}

std::string read_link(const std::string& path) {
  std::array<char, PATH_MAX> target;
  const ssize_t got = ::readlink(path.c_str(), target.data(), target.size());
  return {target.data(), static_cast<size_t>(std::max<ssize_t>(got, 0))};
}

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::vector<uint32_t> ProcFiles::list() const {
  std::vector<uint32_t> pids;
  const Directory dir(::opendir(root_.c_str()));
  if (!dir) return pids;
  while (const dirent* entry = ::readdir(dir.get()))
    if (const uint32_t pid = number_of(entry->d_name); pid != 0) pids.push_back(pid);
  std::sort(pids.rbegin(), pids.rend());
  return pids;
}

void ProcFiles::visit_sockets(uint32_t pid, const std::function<void(uint32_t)>& visit) const {
  constexpr std::string_view kSocket = "socket:[";
  const Directory dir(::opendir((root_ + "/" + std::to_string(pid) + "/fd").c_str()));
  if (!dir) return;
  std::array<char, 64> target;
  while (const dirent* entry = ::readdir(dir.get())) {
    const ssize_t got =
        ::readlinkat(::dirfd(dir.get()), entry->d_name, target.data(), target.size());
    if (got <= static_cast<ssize_t>(kSocket.size())) continue;
    const std::string_view text(target.data(), static_cast<size_t>(got));
    if (!text.starts_with(kSocket) || !text.ends_with(']')) continue;
    const uint32_t inode = number_of(text.substr(kSocket.size(), text.size() - kSocket.size() - 1));
    if (inode != 0) visit(inode);
  }
}

ProcessInfo ProcFiles::read(uint32_t pid) const {
  const std::string folder = root_ + "/" + std::to_string(pid);
  ProcessInfo info{.pid = pid,
                   .name = read_text(folder + "/comm"),
                   .exe = read_link(folder + "/exe"),
                   .container = container_in(read_text(folder + "/cgroup"))};
  while (info.name.ends_with('\n'))
    info.name.pop_back();
  return info;
}

std::string container_in(std::string_view cgroup_text) {
  constexpr size_t kIdLength = 64;
  std::string_view id;
  size_t run = 0;
  for (size_t i = 0; i <= cgroup_text.size(); ++i) {
    if (i < cgroup_text.size() && is_hex(cgroup_text[i])) {
      ++run;
      continue;
    }
    if (run == kIdLength) id = cgroup_text.substr(i - kIdLength, kIdLength);
    run = 0;
  }
  return std::string(id);
}

}  // namespace pktana::engine
