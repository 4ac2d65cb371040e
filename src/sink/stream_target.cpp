// SPDX-License-Identifier: Apache-2.0
#include "sink/stream_target.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pktana::sink {
namespace {

bool is_regular(int fd) noexcept {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

base::Result<std::unique_ptr<StreamTarget>> StreamTarget::open(const std::string& path,
                                                               std::string first_line) {
  if (path == "-")
    return std::unique_ptr<StreamTarget>(
        new StreamTarget(STDOUT_FILENO, base::Fd(), std::move(first_line)));
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  base::Fd fd(::open(path.c_str(), kFlags, 0640));
  if (!fd) return base::fail(errno, "open output", path);
  const int number = fd.get();
  return std::unique_ptr<StreamTarget>(
      new StreamTarget(number, std::move(fd), std::move(first_line)));
}

StreamTarget::StreamTarget(int fd, base::Fd owned, std::string first_line) noexcept
    : fd_(fd),
      owned_(std::move(owned)),
      in_pieces_(!is_regular(fd)),
      first_line_(std::move(first_line)) {}

StreamTarget::Progress StreamTarget::write_some(std::span<const char> bytes) const noexcept {
  size_t done = 0;
  while (done < bytes.size()) {
    pollfd writable{.fd = fd_, .events = POLLOUT, .revents = 0};
    if (in_pieces_ && ::poll(&writable, 1, kPatienceMs) == 0) return {done, EAGAIN};
    const size_t piece = in_pieces_ ? size_t{PIPE_BUF} : bytes.size();
    const ssize_t count = ::write(fd_, bytes.data() + done, std::min(piece, bytes.size() - done));
    if (count >= 0)
      done += static_cast<size_t>(count);
    else if (errno != EINTR)
      return {done, errno};
  }
  return {done, 0};
}

StreamTarget::Progress StreamTarget::put(const LineBuffer& buffer, size_t from) noexcept {
  if (!first_line_.empty()) {
    const Progress first = write_some(first_line_);
    first_line_.erase(0, first.position);
    if (first.error != 0) return {from, first.error};
  }
  const Progress progress = write_some(buffer.bytes().subspan(from));
  return {from + progress.position, progress.error};
}

bool StreamTarget::is_final(int error) const noexcept {
  return in_pieces_ && error != EAGAIN && error != ENOSPC;
}

base::Result<void> StreamTarget::close() {
  if (!owned_) return {};
  if (::close(owned_.release()) != 0 && errno != EINTR) return base::fail(errno, "close");
  return {};
}

}  // namespace pktana::sink
