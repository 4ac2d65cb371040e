// SPDX-License-Identifier: Apache-2.0
#include "sink/socket_target.h"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

namespace pktana::sink {
namespace {
constexpr int64_t kRetryNs = 500 * base::kNsPerMs;
}

int SocketTarget::connect() noexcept {
  if (fd_) return 0;
  const int64_t now_ns = base::monotonic_ns();
  if (now_ns < retry_ns_) return last_error_;
  retry_ns_ = now_ns + kRetryNs;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) return last_error_ = ENAMETOOLONG;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return last_error_ = errno;
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return last_error_ = errno == EAGAIN ? ECONNREFUSED : errno;
  fd_ = std::move(fd);
  first_line_sent_ = 0;
  if (was_connected_) reconnected_.fetch_add(1, std::memory_order_relaxed);
  was_connected_ = true;
  return 0;
}

SocketTarget::Progress SocketTarget::send_some(std::span<const char> bytes) const noexcept {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count =
        ::send(fd_.get(), bytes.data() + done, bytes.size() - done, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      done += static_cast<size_t>(count);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return {done, errno};
    pollfd writable{.fd = fd_.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, kPatienceMs) == 0) return {done, EAGAIN};
  }
  return {done, 0};
}

SocketTarget::Progress SocketTarget::put(const LineBuffer& buffer, size_t from) noexcept {
  const size_t line_start = buffer.end_of(buffer.records_within(from));
  if (const int error = connect(); error != 0) return {line_start, error};
  if (first_line_sent_ < first_line_.size()) {
    const Progress first = send_some(std::span<const char>(first_line_).subspan(first_line_sent_));
    first_line_sent_ += first.position;
    if (first.error != 0 && first.error != EAGAIN) fd_.reset();
    if (first.error != 0) return {line_start, first.error};
  }
  const Progress sent = send_some(buffer.bytes().subspan(from));
  const size_t position = from + sent.position;
  if (sent.error == 0 || sent.error == EAGAIN) return {position, sent.error};
  fd_.reset();
  return {buffer.end_of(buffer.records_within(position)), sent.error};
}

int SocketTarget::tick() noexcept {
  if (fd_) {
    char byte = 0;
    const ssize_t got = ::recv(fd_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) fd_.reset();
  }
  return connect();
}

base::Result<void> SocketTarget::close() {
  fd_.reset();
  return {};
}

OutputHealth SocketTarget::health() const {
  return {.method = "unix", .remade = reconnected_.load(std::memory_order_relaxed)};
}

}  // namespace pktana::sink
