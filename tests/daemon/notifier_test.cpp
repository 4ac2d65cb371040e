// SPDX-License-Identifier: Apache-2.0
#include "daemon/notifier.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/catch.h"

namespace pktana::daemon {
namespace {

/// A service manager's end of the protocol: an abstract datagram socket.
class Manager {
 public:
  Manager() : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "pktana-notify-" + std::to_string(::getpid());
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
    ::setenv("WATCHDOG_USEC", "3000000", 1);
  }

  /// The next message, and the descriptor that came with it.
  std::string take(base::Fd* sent = nullptr) {
    std::array<char, 512> text{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    iovec part{.iov_base = text.data(), .iov_len = text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(fd_.get(), &message, MSG_DONTWAIT);
    if (got < 0) return "";
    if (const cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr && sent != nullptr) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
      *sent = base::Fd(fd);
    }
    return {text.data(), static_cast<size_t>(got)};
  }

 private:
  base::Fd fd_;
};

TEST_CASE("notifier: speaks to the socket of the environment, which is then gone from it") {
  Manager manager;
  const auto notifier = Notifier::from_environment();
  REQUIRE(notifier);
  CHECK(notifier->has_manager());
  CHECK(notifier->watchdog_ns() == 3'000'000'000);
  CHECK(::getenv("NOTIFY_SOCKET") == nullptr);
  notifier->ready("all\nwell");
  CHECK(manager.take() == "READY=1\nSTATUS=all well");
  notifier->alive();
  CHECK(manager.take() == "WATCHDOG=1");
  notifier->reloading();
  CHECK(manager.take().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  notifier->stopping();
  CHECK(manager.take() == "STOPPING=1");
}

TEST_CASE("notifier: a descriptor goes along with its name") {
  Manager manager;
  const auto notifier = Notifier::from_environment();
  REQUIRE(notifier);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const base::Fd reader(ends[0]);
  const base::Fd writer(ends[1]);
  CHECK(notifier->store(writer.get(), "ring-eth0-0"));
  base::Fd sent;
  CHECK(manager.take(&sent) == "FDSTORE=1\nFDNAME=ring-eth0-0\nFDPOLL=0");
  REQUIRE(sent);
  CHECK(::write(sent.get(), "x", 1) == 1);
  char byte = 0;
  CHECK(::read(reader.get(), &byte, 1) == 1);
  notifier->remove("ring-eth0-0");
  CHECK(manager.take() == "FDSTOREREMOVE=1\nFDNAME=ring-eth0-0");
}

TEST_CASE("notifier: without a manager nothing is sent, and nothing is kept") {
  ::unsetenv("NOTIFY_SOCKET");
  const auto notifier = Notifier::from_environment();
  REQUIRE(notifier);
  CHECK_FALSE(notifier->has_manager());
  CHECK_FALSE(notifier->store(0, "x"));
}

}  // namespace
}  // namespace pktana::daemon
