// SPDX-License-Identifier: Apache-2.0
#include "daemon/state_directory.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pktana::daemon {
namespace {

constexpr const char* kSecretName = "secret";
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

base::Result<void> write_all(int fd, base::Bytes content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    const int error = errno;
    if (put < 0 && error == EINTR) continue;
    if (put < 0) return base::fail(error, "write state");
    content = content.subspan(static_cast<size_t>(put));
  }
  return {};
}

}  // namespace

base::Result<StateDirectory> StateDirectory::open(const std::string& path) {
  StateDirectory directory;
  if (path.empty()) return directory;
  if (::mkdir(path.c_str(), kDirectoryMode) != 0) {
    const int error = errno;
    if (error != EEXIST)
      return base::fail(error, "state.directory", path + " (\"\" = nothing is kept)");
  }
  directory.fd_ = base::Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.fd_) return base::fail(errno, "state.directory", path);
  return directory;
}

base::Result<std::vector<uint8_t>> StateDirectory::read(const char* name) const {
  std::vector<uint8_t> content;
  if (!is_there()) return content;
  const base::Fd file(::openat(fd_.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const int open_error = errno;
  if (!file && open_error == ENOENT) return content;
  if (!file) return base::fail(open_error, "open state", name);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return base::fail(errno, "read state", name);
  content.resize(static_cast<size_t>(status.st_size));
  for (size_t have = 0; have < content.size();) {
    const ssize_t got = ::read(file.get(), content.data() + have, content.size() - have);
    const int error = errno;
    if (got < 0 && error == EINTR) continue;
    if (got < 0) return base::fail(error, "read state", name);
    if (got == 0) content.resize(have);
    have += static_cast<size_t>(got);
  }
  return content;
}

base::Result<void> StateDirectory::write(const char* name, base::Bytes content, bool sync) const {
  if (!is_there()) return {};
  const std::string fresh = std::string(name) + ".new";
  const base::Fd file(::openat(fd_.get(), fresh.c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!file) return base::fail(errno, "write state", fresh);
  if (auto written = write_all(file.get(), content); !written) return written;
  if (sync && ::fdatasync(file.get()) != 0) return base::fail(errno, "write state", fresh);
  if (::renameat(fd_.get(), fresh.c_str(), fd_.get(), name) != 0)
    return base::fail(errno, "write state", name);
  return {};
}

void StateDirectory::remove(const char* name) const noexcept {
  if (is_there()) (void)::unlinkat(fd_.get(), name, 0);
}

base::Result<base::HashSecret> keep_secret(const StateDirectory& directory) {
  const auto kept = directory.read(kSecretName);
  if (!kept) return base::Unexpected(kept.error());
  base::HashSecret secret;
  if (kept->size() == sizeof secret.word) {
    std::memcpy(secret.word.data(), kept->data(), kept->size());
    return secret;
  }
  const auto fresh = base::HashSecret::random();
  if (!fresh) return base::Unexpected(fresh.error());
  const auto* bytes = reinterpret_cast<const uint8_t*>(fresh->word.data());
  if (auto written = directory.write(kSecretName, {bytes, sizeof fresh->word}, true); !written)
    return base::Unexpected(written.error());
  return *fresh;
}

}  // namespace pktana::daemon
