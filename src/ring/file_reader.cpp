// SPDX-License-Identifier: Apache-2.0
#include "ring/file_reader.h"

#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pktana::ring {
namespace {

/// Bytes from here to the end, if the descriptor has an end that is known.
std::optional<uint64_t> remaining_size(int fd) noexcept {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const off_t here = ::lseek(fd, 0, SEEK_CUR);
  if (here < 0 || here > status.st_size) return std::nullopt;
  return static_cast<uint64_t>(status.st_size - here);
}

void wait_until_readable(int fd) noexcept {
  pollfd waiting{fd, POLLIN, 0};
  (void)::poll(&waiting, 1, -1);
}

}  // namespace

FileReader::FileReader(base::Fd fd, std::optional<uint64_t> size) noexcept
    : fd_(std::move(fd)), size_(size) {}

base::Result<std::unique_ptr<FileReader>> FileReader::open(const std::string& path) {
  base::Fd fd(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                          : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return base::fail(errno, "open capture file", path == "-" ? "standard input" : path);
  const std::optional<uint64_t> size = remaining_size(fd.get());
  if (size) (void)::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<FileReader>(new FileReader(std::move(fd), size));
}

base::Result<size_t> FileReader::read(std::span<uint8_t> to) {
  for (;;) {
    const ssize_t got = ::read(fd_.get(), to.data(), to.size());
    if (got >= 0) {
      position_ += static_cast<uint64_t>(got);
      return static_cast<size_t>(got);
    }
    if (errno == EAGAIN) {
      wait_until_readable(
          fd_.get());  // standard input may have been set non-blocking by whoever shares it
    } else if (errno != EINTR) {
      return base::fail(errno, "read");
    }
  }
}

}  // namespace pktana::ring
