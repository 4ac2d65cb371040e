// SPDX-License-Identifier: Apache-2.0
#include "sink/log_directory.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pktana::sink {
namespace {

constexpr mode_t kDirectoryMode = 0750;
constexpr const char* kPidFile = ".pktana.pid";  // for people, and for the message to a second one

base::Result<void> make_directories(const std::string& path) {
  for (size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), kDirectoryMode) != 0 && errno != EEXIST && errno != EISDIR) {
      const int error = errno;
      struct stat status {};  // a read-only file system says EROFS of what is there, too
      if (::stat(part.c_str(), &status) != 0) return base::fail(error, "make log directory", part);
    }
    if (at == std::string::npos) return {};
  }
}

std::string holder(int directory) {
  const base::Fd file(::openat(directory, kPidFile, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::array<char, 16> text{};
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size()) : 0;
  std::string pid(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  pid.erase(std::min(pid.size(), pid.find_first_not_of("0123456789")));
  return pid.empty() ? "another process" : "another pktana (pid " + pid + ")";
}

/// Without it, the message to a second process only knows less.
void leave_pid(int directory) noexcept {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  const base::Fd file(::openat(directory, kPidFile, kFlags, 0640));
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (file) (void)!::write(file.get(), pid.data(), pid.size());
}

}  // namespace

base::Result<std::shared_ptr<LogDirectory>> LogDirectory::open(const std::string& path) {
  std::shared_ptr<LogDirectory> directory(new LogDirectory(path));
  if (auto locked = directory->lock(); !locked) return base::Unexpected(locked.error());
  return directory;
}

LogDirectory::~LogDirectory() {
  if (fd_) ::unlinkat(fd_.get(), kPidFile, 0);
}

base::Result<void> LogDirectory::lock() {
  if (auto made = make_directories(path_); !made) return made;
  base::Fd fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return base::fail(errno, "open log directory", path_);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return base::fail(errno, "open log directory", path_);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return base::fail(errno, kLockOperation, path_);
    return base::fail_input(kLockOperation, path_ + ": " + holder(fd.get()) +
                                                " writes its logs there: give each its own "
                                                "directory");
  }
  leave_pid(fd.get());
  device_ = status.st_dev;
  inode_ = status.st_ino;
  fd_ = std::move(fd);
  return {};
}

bool LogDirectory::is_there() const noexcept {
  struct stat status {};
  return ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

base::Result<void> LogDirectory::ensure() {
  const std::lock_guard lock_here(mutex_);
  return is_there() ? base::Result<void>() : lock();
}

bool LogDirectory::is_same(const std::string& other) const {
  const std::lock_guard lock_here(mutex_);
  struct stat status {};
  return other == path_ || (::stat(other.c_str(), &status) == 0 && status.st_dev == device_ &&
                            status.st_ino == inode_);
}

}  // namespace pktana::sink
