// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_call.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/fd.h"

namespace pktana::daemon {
namespace {

constexpr const char* kCall = "ask the daemon";
constexpr timeval kPatience{.tv_sec = 15, .tv_usec = 0};

base::Result<base::Fd> connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return base::fail(ENAMETOOLONG, kCall, path);
  std::memcpy(address.sun_path, path.data(), path.size());
  base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return base::fail(errno, kCall, path);
  for (const int which : {SO_RCVTIMEO, SO_SNDTIMEO})
    (void)::setsockopt(fd.get(), SOL_SOCKET, which, &kPatience, sizeof kPatience);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return base::fail(errno, kCall, path);
  return fd;
}

base::Result<void> send_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t count = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::fail(errno, kCall, path);
    text.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

base::Result<std::string> receive_line(int fd, const std::string& path) {
  std::string line;
  std::array<char, 16384> bytes;
  for (;;) {
    const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::fail(errno == EAGAIN ? ETIMEDOUT : errno, kCall, path);
    if (count == 0) return base::fail_input(kCall, path + ": it ended the connection");
    line.append(bytes.data(), static_cast<size_t>(count));
    if (line.back() == '\n') return line;
  }
}

}  // namespace

base::Result<ControlReply> call_daemon(const std::string& socket_path, const std::string& request) {
  auto fd = connect_to(socket_path);
  if (!fd) return base::Unexpected(fd.error());
  if (auto sent = send_all(fd->get(), request + "\n", socket_path); !sent)
    return base::Unexpected(sent.error());
  const auto line = receive_line(fd->get(), socket_path);
  if (!line) return base::Unexpected(line.error());
  return read_reply(*line);
}

}  // namespace pktana::daemon
