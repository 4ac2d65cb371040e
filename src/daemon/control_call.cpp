// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_call.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/fd.h"

namespace pktana::daemon {
namespace {

constexpr const char* kCall = "ask the daemon";
constexpr int64_t kPatienceNs = 15 * base::kNsPerSecond;
constexpr timeval kLookUp{.tv_sec = 0, .tv_usec = 100'000};  ///< to see whether it is given up

base::Result<base::Fd> make_socket(const std::string& path) {
  base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return base::fail(errno, kCall, path);
  for (const int which : {SO_RCVTIMEO, SO_SNDTIMEO})
    (void)::setsockopt(fd.get(), SOL_SOCKET, which, &kLookUp, sizeof kLookUp);
  return fd;
}

/// One call of the daemon, and how long it may last.
class Call {
 public:
  Call(int fd, const std::string& path, const std::atomic<bool>* given_up)
      : fd_(fd), path_(path), given_up_(given_up) {}

  [[nodiscard]] base::Result<void> connect() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path) return failure(ENAMETOOLONG);
    std::memcpy(address.sun_path, path_.data(), path_.size());
    while (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      if (const int error = errno; !may_go_on(error)) return failure(error);
    return {};
  }

  [[nodiscard]] base::Result<void> send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (const int error = errno; count < 0) {
        if (may_go_on(error)) continue;
        return failure(error);
      }
      text.remove_prefix(static_cast<size_t>(count));
    }
    return {};
  }

  [[nodiscard]] base::Result<std::string> receive_line() const {
    std::string line;
    std::array<char, 16384> bytes;
    for (;;) {
      const ssize_t count = ::recv(fd_, bytes.data(), bytes.size(), 0);
      if (const int error = errno; count < 0) {
        if (may_go_on(error)) continue;
        return failure(error);
      }
      if (count == 0) return base::fail_input(kCall, path_ + ": it ended the connection");
      line.append(bytes.data(), static_cast<size_t>(count));
      if (line.back() == '\n') return line;
    }
  }

 private:
  [[nodiscard]] bool may_go_on(int error) const {
    if (error != EINTR && error != EAGAIN) return false;
    if (given_up_ != nullptr && given_up_->load()) return false;
    return base::monotonic_ns() < end_ns_;
  }
  [[nodiscard]] base::Unexpected failure(int error) const {
    return base::fail(error == EAGAIN || error == EINTR ? ETIMEDOUT : error, kCall, path_);
  }

  const int fd_;
  const std::string& path_;
  const std::atomic<bool>* const given_up_;
  const int64_t end_ns_ = base::monotonic_ns() + kPatienceNs;
};

}  // namespace

base::Result<ControlReply> call_daemon(const std::string& socket_path, const std::string& request,
                                       const std::atomic<bool>* given_up) {
  auto fd = make_socket(socket_path);
  if (!fd) return base::Unexpected(fd.error());
  const Call call(fd->get(), socket_path, given_up);
  if (auto connected = call.connect(); !connected) return base::Unexpected(connected.error());
  if (auto sent = call.send(request + "\n"); !sent) return base::Unexpected(sent.error());
  const auto line = call.receive_line();
  if (!line) return base::Unexpected(line.error());
  return read_reply(*line);
}

}  // namespace pktana::daemon
