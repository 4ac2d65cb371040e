// SPDX-License-Identifier: Apache-2.0
#include "daemon/metrics_server.h"

#include <cerrno>
#include <string_view>

#include <sys/socket.h>

#include <microhttpd.h>

#include "base/fd.h"
#include "daemon/control_answers.h"
#include "daemon/listen_address.h"

namespace pktana::daemon {

struct MetricsHttp {
  MetricsHttp(ControlTarget& target, bool on_loopback) : answers(target), loopback(on_loopback) {}
  MetricsHttp(const MetricsHttp&) = delete;
  MetricsHttp& operator=(const MetricsHttp&) = delete;
  ~MetricsHttp() {
    if (daemon != nullptr) ::MHD_stop_daemon(daemon);
  }

  ControlAnswers answers;
  bool loopback;  ///< it listens on loopback only
  MHD_Daemon* daemon = nullptr;
};

namespace {

constexpr unsigned kMaxConnections = 32;
constexpr unsigned kMaxConnectionsOfOne = 16;
constexpr size_t kConnectionMemory = size_t{16} << 10;
constexpr unsigned kTimeoutSeconds = 10;
constexpr int kBacklog = 16;
constexpr int kTurns = 256;  ///< at a time; then it is the rest of the daemon's turn
constexpr const char* kListen = "listen for metrics";

base::Result<base::Fd> open_listener(const ListenAddress& address, const std::string& listen) {
  base::Fd fd(::socket(address.socket.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.socket), address.length) != 0 ||
      ::listen(fd.get(), kBacklog) != 0)
    return base::fail(errno, kListen, listen);
  return fd;
}

/// Of a Host header: the name without its port.
bool is_loopback_name(std::string_view host) noexcept {
  if (const size_t end = host.rfind(':'); end != std::string_view::npos && host.back() != ']')
    host = host.substr(0, end);
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

MHD_Result respond(MHD_Connection* connection, const ControlAnswers::Page& page) {
  MHD_Response* response = ::MHD_create_response_from_buffer(
      page.body.size(), const_cast<char*>(page.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  ::MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page.type);
  const MHD_Result queued = ::MHD_queue_response(connection, page.status, response);
  ::MHD_destroy_response(response);
  return queued;
}

MHD_Result on_request(void* own, MHD_Connection* connection, const char* url, const char* method,
                      const char*, const char*, size_t* upload_bytes, void**) {
  auto& http = *static_cast<MetricsHttp*>(own);
  if (*upload_bytes > 0) return MHD_NO;
  const std::string_view word(method);
  if (word != MHD_HTTP_METHOD_GET && word != MHD_HTTP_METHOD_HEAD)
    return respond(connection, {.status = 405, .body = "GET and HEAD only\n"});
  const char* host = ::MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
  if (http.loopback && host != nullptr && !is_loopback_name(host))
    return respond(connection, {.status = 403, .body = "ask for localhost\n"});
  return respond(connection, http.answers.page(url));
}

}  // namespace

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::open(const std::string& listen,
                                                                 ControlTarget& target) {
  const auto address = parse_listen_address(listen);
  if (!address) return base::Unexpected(address.error());
  auto listener = open_listener(*address, listen);
  if (!listener) return base::Unexpected(listener.error());
  auto http = std::make_unique<MetricsHttp>(target, address->loopback);
  http->daemon = ::MHD_start_daemon(
      MHD_USE_EPOLL, 0, nullptr, nullptr, &on_request, http.get(), MHD_OPTION_LISTEN_SOCKET,
      listener->get(), MHD_OPTION_CONNECTION_LIMIT, kMaxConnections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, kMaxConnectionsOfOne, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      kConnectionMemory, MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds, MHD_OPTION_END);
  if (http->daemon == nullptr) return base::fail_input(kListen, listen + ": libmicrohttpd refuses");
  (void)listener->release();  // libmicrohttpd closes it
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(http)));
}

MetricsServer::MetricsServer(std::unique_ptr<MetricsHttp> http) noexcept : http_(std::move(http)) {}
MetricsServer::~MetricsServer() = default;

int MetricsServer::fd() const noexcept {
  const MHD_DaemonInfo* info = ::MHD_get_daemon_info(http_->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info == nullptr ? -1 : info->epoll_fd;
}

void MetricsServer::serve() {
  // It reads a part at a time, and its descriptor does not tell of what it left.
  MHD_UNSIGNED_LONG_LONG wait_ms = 0;
  for (int turn = 0; turn < kTurns && wait_ms == 0; ++turn)
    if (::MHD_run(http_->daemon) != MHD_YES ||
        ::MHD_get_timeout(http_->daemon, &wait_ms) != MHD_YES)
      break;
}

}  // namespace pktana::daemon
