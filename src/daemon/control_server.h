// SPDX-License-Identifier: Apache-2.0
// The control socket: a unix stream socket that takes requests, each a JSON object on a line, and
// answers each with a line; `GET /metrics`, /livez and /readyz by HTTP too.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/fd.h"
#include "base/result.h"
#include "daemon/control_answers.h"
#include "daemon/control_client.h"

namespace pktana::daemon {

/// One thread, the control loop's, which it never holds up: a client has one request at a time, of
/// at most 16 KiB; what it does not take of an answer waits, and no further request of it is looked
/// at. Clients that are in the middle of something for 10 s without moving, or idle for 10 minutes,
/// are let go; when there are too many, the one that has waited longest makes room.
class ControlServer {
 public:
  /// Replaces a socket that nobody listens on any more. Its mode is 0660 less the umask.
  [[nodiscard]] static base::Result<std::unique_ptr<ControlServer>> open(const std::string& path,
                                                                         size_t max_clients,
                                                                         ControlTarget& target);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer();  ///< removes the socket

  /// Readable when serve() has something to do; it wants to be called ten times a second anyway.
  [[nodiscard]] int fd() const noexcept { return epoll_.get(); }
  /// Does what can be done now: some of it, if there is much.
  void serve();

  [[nodiscard]] size_t clients() const noexcept { return clients_.size(); }
  [[nodiscard]] uint64_t refused() const noexcept { return refused_; }

 private:
  using Clients = std::unordered_map<int, ControlClient>;  ///< by descriptor

  ControlServer(std::string path, size_t max_clients, ControlTarget& target)
      : path_(std::move(path)), max_clients_(max_clients), answers_(target) {}
  [[nodiscard]] base::Result<void> listen();
  void accept_some();
  void add(base::Fd fd);
  void make_room();
  void forget(int fd);
  void close_briefly();
  /// Reads, answers, sends. False: the client is gone.
  [[nodiscard]] bool serve_client(ControlClient& client);
  void answer_request(ControlClient& client);
  void answer(ControlClient& client, const ControlRequest& request);
  void answer_http(ControlClient& client, std::string_view head);
  void end_listing();
  void look_after_clients();
  void watch(const ControlClient& client);

  const std::string path_;
  const size_t max_clients_;
  ControlAnswers answers_;
  ControlRequestReader reader_;
  base::Fd epoll_;
  base::Fd listener_;
  base::Fd spare_;  ///< let go for a moment when descriptors run out, to turn a client away
  Clients clients_;
  std::optional<int> listing_client_;
  int64_t looked_ns_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace pktana::daemon
