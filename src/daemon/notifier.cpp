// SPDX-License-Identifier: Apache-2.0
#include "daemon/notifier.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/units.h"

namespace pktana::daemon {
namespace {

std::string take_variable(const char* name) {
  const char* value = ::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

/// Values may hold no line end.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (c == '\n') c = ' ';
  return line;
}

}  // namespace

base::Result<Notifier> Notifier::from_environment() {
  Notifier notifier;
  const std::string path = take_variable("NOTIFY_SOCKET");
  const std::string watchdog_us = take_variable("WATCHDOG_USEC");
  ::unsetenv("WATCHDOG_PID");
  if (path.empty()) return notifier;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return base::fail(ENAMETOOLONG, "NOTIFY_SOCKET", path);
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  base::Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return base::fail(errno, "NOTIFY_SOCKET", path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0)
    return base::fail(errno, "NOTIFY_SOCKET", path);
  notifier.socket_ = std::move(socket);
  if (const auto us = base::parse_count(watchdog_us, 1, INT64_MAX / base::kNsPerUs))
    notifier.watchdog_ns_ = static_cast<int64_t>(*us) * base::kNsPerUs;
  return notifier;
}

void Notifier::ready(std::string_view status) const noexcept {
  send("READY=1\nSTATUS=" + one_line(status));
}

void Notifier::status(std::string_view status) const noexcept {
  send("STATUS=" + one_line(status));
}

void Notifier::reloading() const noexcept {
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", base::monotonic_ns() / base::kNsPerUs));
}

bool Notifier::store(int fd, std::string_view name) const noexcept {
  return send(fmt::format("FDSTORE=1\nFDNAME={}\nFDPOLL=0", name), {&fd, 1});
}

void Notifier::remove(std::string_view name) const noexcept {
  send(fmt::format("FDSTOREREMOVE=1\nFDNAME={}", name));
}

bool Notifier::send(std::string_view text, std::span<const int> fds) const noexcept {
  if (!socket_) return false;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  // The kernel only reads the text, though its struct has no const.
  iovec part{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int));
  }
  return ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) >= 0;
}

}  // namespace pktana::daemon
