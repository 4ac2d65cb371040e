// SPDX-License-Identifier: Apache-2.0
// Places to write to for the tests of outputs: a file's content, a pipe, a small file system.
#pragma once

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

namespace pktana::sink {

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

/// A path by which an open descriptor can be opened anew.
inline std::string path_of(const base::Fd& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

struct Pipe {
  base::Fd read_end;
  base::Fd write_end;

  static Pipe open() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    return {base::Fd(ends[0]), base::Fd(ends[1])};
  }
};

/// A tmpfs of `size` that nobody else sees: it is mounted nowhere. None without the right to mount
/// (CAP_SYS_ADMIN) or before Linux 5.2.
inline std::optional<base::Fd> open_small_disk(const char* size) {
  const base::Fd context(
      static_cast<int>(::syscall(SYS_fsopen, "tmpfs", static_cast<unsigned>(FSOPEN_CLOEXEC))));
  if (!context) return std::nullopt;
  const auto configure = [&context](unsigned command, const char* key, const char* value) {
    return ::syscall(SYS_fsconfig, context.get(), command, key, value, 0) == 0;
  };
  if (!configure(FSCONFIG_SET_STRING, "size", size) ||
      !configure(FSCONFIG_CMD_CREATE, nullptr, nullptr))
    return std::nullopt;
  base::Fd mount(static_cast<int>(
      ::syscall(SYS_fsmount, context.get(), static_cast<unsigned>(FSMOUNT_CLOEXEC), 0U)));
  if (!mount) return std::nullopt;
  return mount;
}

/// Fills what is left of the disk; gone with the object.
class Filler {
 public:
  explicit Filler(std::string path) : path_(std::move(path)) {
    const base::Fd fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    const std::string zeros(4096, '\0');
    while (::write(fd.get(), zeros.data(), zeros.size()) > 0) {
    }
  }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;
  ~Filler() { ::unlink(path_.c_str()); }

 private:
  std::string path_;
};

}  // namespace pktana::sink
