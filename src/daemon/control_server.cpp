// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"

namespace pktana::daemon {
namespace {

constexpr int kBacklog = 64;
constexpr int kAcceptsAtOnce = 32;
constexpr int kEventsAtOnce = 64;
constexpr int kRequestsAtOnce = 4;
constexpr mode_t kSocketMode = 0660;
constexpr const char* kListen = "listen on control socket";

base::Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return base::fail_input(kListen, path + ": longer than 107 bytes");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool somebody_listens(const sockaddr_un& address) noexcept {
  const base::Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == EAGAIN;
}

/// Root, and whoever the daemon itself runs as.
bool may_command(int fd) noexcept {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

std::string_view path_in(std::string_view head) noexcept {
  head.remove_prefix(std::string_view("GET ").size());
  return head.substr(0, head.find_first_of(" ?\r\n"));
}

const char* reason_of(unsigned status) noexcept {
  if (status == 200) return "OK";
  return status == 503 ? "Service Unavailable" : "Not Found";
}

}  // namespace

base::Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::string& path,
                                                                 size_t max_clients,
                                                                 ControlTarget& target) {
  std::unique_ptr<ControlServer> server(new ControlServer(path, max_clients, target));
  if (auto listening = server->listen(); !listening) return base::Unexpected(listening.error());
  return server;
}

ControlServer::~ControlServer() {
  if (listener_) ::unlink(path_.c_str());
}

base::Result<void> ControlServer::listen() {
  const auto address = address_of(path_);
  if (!address) return base::Unexpected(address.error());
  epoll_ = base::Fd(::epoll_create1(EPOLL_CLOEXEC));
  spare_ = base::Fd(::fcntl(epoll_.get(), F_DUPFD_CLOEXEC, 0));
  base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!epoll_ || !spare_ || !fd) return base::fail(errno, kListen, path_);
  const auto* raw = reinterpret_cast<const sockaddr*>(&*address);
  struct stat status {};
  if (::lstat(path_.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
    if (somebody_listens(*address)) return base::fail(EADDRINUSE, kListen, path_);
    ::unlink(path_.c_str());
  }
  // Between bind and chmod nobody can connect: it does not listen yet.
  if (::bind(fd.get(), raw, sizeof *address) != 0 || ::chmod(path_.c_str(), kSocketMode) != 0 ||
      ::listen(fd.get(), kBacklog) != 0)
    return base::fail(errno, kListen, path_);
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd.get()}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0)
    return base::fail(errno, kListen, path_);
  listener_ = std::move(fd);
  return {};
}

void ControlServer::serve() {
  std::array<epoll_event, kEventsAtOnce> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, 0);
  for (int i = 0; i < count; ++i) {
    const int fd = events[static_cast<size_t>(i)].data.fd;
    if (fd == listener_.get()) {
      accept_some();
      continue;
    }
    const auto client = clients_.find(fd);
    if (client == clients_.end()) continue;
    // Nobody is there any more to take an answer, but what was asked for is done.
    const bool gone = (events[static_cast<size_t>(i)].events & (EPOLLHUP | EPOLLERR)) != 0;
    if (!serve_client(client->second) || gone) forget(fd);
  }
  if (answers_.listing_done()) end_listing();
  look_after_clients();
}

void ControlServer::accept_some() {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    base::Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd) {
      add(std::move(fd));
    } else if (errno == EMFILE || errno == ENFILE) {
      close_briefly();
    } else {
      return;
    }
  }
}

/// Turns a client away with the spare descriptor: left in the queue, it would keep the listener
/// readable and the loop busy.
void ControlServer::close_briefly() {
  ++refused_;
  spare_.reset();
  { const base::Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)); }
  spare_ = base::Fd(::fcntl(epoll_.get(), F_DUPFD_CLOEXEC, 0));
}

void ControlServer::add(base::Fd fd) {
  if (clients_.size() >= max_clients_) make_room();
  const int number = fd.get();
  epoll_event event{.events = EPOLLIN, .data = {.fd = number}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, number, &event) != 0) return;
  const bool admin = may_command(number);
  clients_.insert_or_assign(number, ControlClient(std::move(fd), admin, base::monotonic_ns()));
}

void ControlServer::forget(int fd) {
  if (listing_client_ == fd) listing_client_.reset();
  clients_.erase(fd);
}

/// Whoever waits for an answer goes last: a crowd that says nothing must not part it from its
/// answer.
void ControlServer::make_room() {
  ++refused_;
  const auto rank = [this](const auto& entry) {
    const auto& [fd, client] = entry;
    const bool waits = listing_client_ == fd || client.has_output() || client.request();
    return std::pair(waits, client.moved_ns());
  };
  const auto first =
      std::min_element(clients_.begin(), clients_.end(),
                       [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  if (first != clients_.end()) forget(first->first);
}

bool ControlServer::serve_client(ControlClient& client) {
  const int64_t now_ns = base::monotonic_ns();
  const bool open = client.receive(now_ns);
  // A client that has said all that it wants may have closed its side already: it gets its answers.
  for (int i = 0; i < kRequestsAtOnce; ++i) {
    answer_request(client);
    if (!client.send(now_ns)) return false;
    if (client.has_output()) break;
  }
  const bool waits = listing_client_ == client.fd() || client.has_output() || client.request();
  if (!open && !waits) return false;
  if (!open) client.end_after_output();
  watch(client);
  return true;
}

void ControlServer::answer_request(ControlClient& client) {
  if (client.has_output() || client.is_ending() || listing_client_ == client.fd()) return;
  if (client.is_too_long()) {
    client.put(ControlAnswers::failure({}, "a request has at most 16 KiB"));
    client.end_after_output();
    return;
  }
  const auto request = client.request();
  if (!request) return;
  if (request->starts_with("GET ")) {
    answer_http(client, *request);
    return;
  }
  const std::string line(*request);
  const auto read = reader_.read(line);
  if (read && ControlAnswers::is_listing(*read) && answers_.has_listing()) return;
  client.drop_request();
  if (read)
    answer(client, *read);
  else
    client.put(ControlAnswers::failure({}, base::to_string(read.error())));
}

void ControlServer::answer(ControlClient& client, const ControlRequest& request) {
  if (!ControlAnswers::is_listing(request)) {
    client.put(answers_.answer(request, client.may_command()));
    return;
  }
  std::string refusal = answers_.begin_listing(request);
  if (refusal.empty()) listing_client_ = client.fd();
  client.put(std::move(refusal));
}

void ControlServer::answer_http(ControlClient& client, std::string_view head) {
  const ControlAnswers::Page page = answers_.page(path_in(head));
  client.drop_request();
  client.put(
      fmt::format("HTTP/1.0 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
                  "Connection: close\r\n\r\n{}",
                  page.status, reason_of(page.status), page.type, page.body.size(), page.body));
  client.end_after_output();
}

void ControlServer::end_listing() {
  std::string answer = answers_.take_listing();
  if (listing_client_) {
    const auto client = clients_.find(*listing_client_);
    listing_client_.reset();
    if (client != clients_.end()) {
      client->second.put(std::move(answer));
      if (!serve_client(client->second)) forget(client->first);
    }
  }
  // Others may have waited for their turn.
  std::vector<int> waiting;
  for (const auto& [fd, client] : clients_)
    if (client.request()) waiting.push_back(fd);
  for (const int fd : waiting) {
    const auto client = clients_.find(fd);
    if (client != clients_.end() && !serve_client(client->second)) forget(fd);
  }
}

void ControlServer::look_after_clients() {
  const int64_t now_ns = base::monotonic_ns();
  if (now_ns - looked_ns_ < base::kNsPerSecond) return;
  looked_ns_ = now_ns;
  for (auto client = clients_.begin(); client != clients_.end();) {
    const bool waits = listing_client_ == client->first;
    if (!waits && (client->second.is_stuck(now_ns) || client->second.is_idle_too_long(now_ns)))
      client = clients_.erase(client);
    else
      ++client;
  }
}

/// Readable is of interest while no whole request waits; writable while an answer does, or a
/// request that is next. What waits for a listing is served when that has ended.
void ControlServer::watch(const ControlClient& client) {
  uint32_t wanted = 0;
  if (client.has_output() || (client.request() && !answers_.has_listing()))
    wanted = EPOLLOUT;
  else if (!client.request() && !client.is_ending())
    wanted = EPOLLIN;
  epoll_event event{.events = wanted, .data = {.fd = client.fd()}};
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, client.fd(), &event);
}

}  // namespace pktana::daemon
