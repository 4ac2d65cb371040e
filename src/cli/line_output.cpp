// SPDX-License-Identifier: Apache-2.0
#include "cli/line_output.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "cli/terminal.h"

namespace pktana::cli {
namespace {

constexpr mode_t kFileMode = 0640;

/// Standard output may have been set non-blocking by whoever shares it.
void wait_until_writable(int fd) noexcept {
  pollfd waiting{fd, POLLOUT, 0};
  (void)::poll(&waiting, 1, -1);
}

/// 0, or the errno value of the failure.
int write_all(int fd, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      wait_until_writable(fd);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

base::Result<LineOutput> LineOutput::open(const std::string& path) {
  if (path == "-") return LineOutput(base::Fd(), STDOUT_FILENO, "standard output");
  base::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  if (!file) return base::fail(errno, "open output", path);
  const int fd = file.get();
  return LineOutput(std::move(file), fd, path);
}

LineOutput::LineOutput(base::Fd owned, int fd, std::string name)
    : owned_(std::move(owned)),
      fd_(fd),
      name_(std::move(name)),
      is_terminal_(cli::is_terminal(fd)),
      buffer_(kBufferBytes) {}

char* LineOutput::room(size_t bytes) noexcept {
  assert(bytes <= kBufferBytes);
  if (kBufferBytes - used_ < bytes) flush();
  return buffer_.data() + used_;
}

void LineOutput::commit(const char* end) noexcept {
  used_ = static_cast<size_t>(end - buffer_.data());
}

void LineOutput::write(std::string_view text) noexcept {
  while (!text.empty()) {
    const size_t part = std::min(text.size(), kBufferBytes);
    char* out = room(part);
    std::memcpy(out, text.data(), part);
    commit(out + part);
    text.remove_prefix(part);
  }
}

void LineOutput::flush() noexcept {
  const size_t bytes = std::exchange(used_, 0);
  if (error_ || bytes == 0) return;
  const int failure = write_all(fd_, {buffer_.data(), bytes});
  if (failure != 0) error_ = base::errno_error(failure, "write output", name_);
}

}  // namespace pktana::cli
