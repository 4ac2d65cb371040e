// SPDX-License-Identifier: Apache-2.0
#include "daemon/holder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/fd.h"
#include "daemon/heritage.h"

namespace pktana::daemon {
namespace {

constexpr size_t kMostFds = 512;  ///< kept at a time
constexpr int kFirstFd = 3;
constexpr int kRestartMs = 100;
constexpr std::array kFinalStatus = {0, 2, 78};

/// One message of the notify protocol.
struct Message {
  std::string text;
  std::vector<base::Fd> fds;
};

std::string value_of(const std::string& text, const std::string& key) {
  const std::string mark = "\n" + key + "=";
  const size_t at = ("\n" + text).find(mark);
  if (at == std::string::npos) return "";
  const size_t begin = at + mark.size() - 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

class Holder {
 public:
  explicit Holder(const std::vector<std::string>& command) : command_(command) {}

  base::Result<int> run() {
    if (auto opened = open(); !opened) return base::Unexpected(opened.error());
    if (auto started = start(); !started) return base::Unexpected(started.error());
    while (true) {
      std::array<pollfd, 2> polls{{{.fd = socket_.get(), .events = POLLIN, .revents = 0},
                                   {.fd = signals_.get(), .events = POLLIN, .revents = 0}}};
      (void)::poll(polls.data(), polls.size(), -1);
      take_messages();
      take_signals();
      const auto status = reap();
      if (!status) continue;
      take_messages();
      if (is_final(*status)) return *status;
      ::usleep(kRestartMs * 1000);
      if (auto started = start(); !started) return base::Unexpected(started.error());
    }
  }

 private:
  base::Result<void> open() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD})
      sigaddset(&set, number);
    if (::sigprocmask(SIG_BLOCK, &set, &mask_before_) != 0) return base::fail(errno, "sigprocmask");
    signals_ = base::Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) return base::fail(errno, "signalfd");
    auto above = connect_above();
    if (!above) return above;
    socket_ = base::Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // No name: the kernel gives an abstract one.
    if (!socket_ || ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                           sizeof(sa_family_t)) != 0)
      return base::fail(errno, "notify socket");
    socklen_t length = sizeof address;
    if (::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0)
      return base::fail(errno, "notify socket");
    name_ = "@" + std::string(address.sun_path + 1, length - offsetof(sockaddr_un, sun_path) - 1);
    return {};
  }

  /// Where our own service manager listens.
  base::Result<void> connect_above() {
    const char* path = ::getenv("NOTIFY_SOCKET");
    if (path == nullptr) return {};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const size_t size = std::strlen(path);
    if (size >= sizeof address.sun_path) return base::fail(ENAMETOOLONG, "NOTIFY_SOCKET", path);
    std::memcpy(address.sun_path, path, size);
    if (path[0] == '@') address.sun_path[0] = '\0';
    above_ = base::Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!above_ || ::connect(above_.get(), reinterpret_cast<const sockaddr*>(&address),
                             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size)) != 0)
      return base::fail(errno, "NOTIFY_SOCKET", path);
    return {};
  }

  base::Result<void> start() {
    asked_ = false;
    const pid_t holder = ::getpid();
    child_ = ::fork();
    if (child_ < 0) return base::fail(errno, "fork");
    if (child_ == 0) become_command(holder);
    return {};
  }

  [[noreturn]] void become_command(pid_t holder) {
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    // Without us nobody would start it again or keep its rings, and it would hold the log directory
    // against a new holder's command.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != holder) ::_exit(0);
    std::string names;
    // First out of the way, then in a row from 3: a descriptor may lie where another is to be.
    std::vector<int> high;
    for (const NamedFd& one : kept_) {
      names += (names.empty() ? "" : ":") + one.name;
      high.push_back(::fcntl(one.fd.get(), F_DUPFD_CLOEXEC, kFirstFd + static_cast<int>(kMostFds)));
    }
    for (size_t i = 0; i < high.size(); ++i)
      ::dup2(high[i], kFirstFd + static_cast<int>(i));
    ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
    ::setenv("FDSTORE", std::to_string(kMostFds).c_str(), 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", std::to_string(kept_.size()).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
    std::vector<char*> words;
    for (const std::string& word : command_)
      words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    const std::string text =
        fmt::format("pktana hold: {}: {}\n", command_[0], std::strerror(errno));
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(2);
  }

  std::optional<Message> receive() {
    std::array<char, 4096> text;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * 64)> control{};
    iovec part{.iov_base = text.data(), .iov_len = text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
    if (got < 0) return std::nullopt;
    Message message{.text = {text.data(), static_cast<size_t>(got)}, .fds = {}};
    for (cmsghdr* one = CMSG_FIRSTHDR(&header); one != nullptr; one = CMSG_NXTHDR(&header, one)) {
      if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS) continue;
      const size_t count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (size_t i = 0; i < count; ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(one) + i * sizeof(int), sizeof fd);
        message.fds.emplace_back(fd);
      }
    }
    return message;
  }

  void take_messages() {
    while (auto message = receive()) {
      const std::string name = value_of(message->text, "FDNAME");
      if (value_of(message->text, "FDSTOREREMOVE") == "1")
        std::erase_if(kept_, [&](const NamedFd& one) { return one.name == name; });
      if (value_of(message->text, "FDSTORE") == "1")
        for (base::Fd& fd : message->fds)
          if (kept_.size() < kMostFds) kept_.push_back({.name = name, .fd = std::move(fd)});
      if (above_)
        (void)::send(above_.get(), message->text.data(), message->text.size(), MSG_NOSIGNAL);
    }
  }

  void take_signals() {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      const auto number = static_cast<int>(info.ssi_signo);
      if (number == SIGCHLD) continue;
      asked_ |= number == SIGTERM || number == SIGINT;
      restarting_ |= number == SIGUSR2;
      ::kill(child_, number == SIGUSR2 ? SIGTERM : number);
    }
  }

  /// The command's status, if it has ended.
  std::optional<int> reap() {
    int status = 0;
    if (::waitpid(child_, &status, WNOHANG) != child_) return std::nullopt;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  bool is_final(int status) {
    if (asked_) return true;
    if (restarting_) {
      restarting_ = false;
      return false;
    }
    return std::find(kFinalStatus.begin(), kFinalStatus.end(), status) != kFinalStatus.end();
  }

  const std::vector<std::string>& command_;
  sigset_t mask_before_{};
  base::Fd signals_;
  base::Fd socket_;
  base::Fd above_;
  std::string name_;  ///< of the socket, as in NOTIFY_SOCKET
  std::vector<NamedFd> kept_;
  pid_t child_ = -1;
  bool asked_ = false;
  bool restarting_ = false;
};

}  // namespace

base::Result<int> hold(const std::vector<std::string>& command) { return Holder(command).run(); }

}  // namespace pktana::daemon
