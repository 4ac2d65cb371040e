// SPDX-License-Identifier: Apache-2.0
// Metrics, life and readiness by HTTP on a TCP port, of loopback unless the configuration allows
// more. Its .cpp is the one file that knows libmicrohttpd.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "daemon/control_target.h"

namespace pktana::daemon {

struct MetricsHttp;

/// One thread, the control loop's. A request's memory, the clients and their time are bounded; GET
/// and HEAD only; on loopback a Host that is no name of it is refused, since a web page could have
/// been bound to it (DNS rebinding).
class MetricsServer {
 public:
  /// @param listen  as in listen_address.h.
  [[nodiscard]] static base::Result<std::unique_ptr<MetricsServer>> open(const std::string& listen,
                                                                         ControlTarget& target);
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  ~MetricsServer();

  /// Readable when serve() has something to do; it wants to be called ten times a second anyway.
  [[nodiscard]] int fd() const noexcept;
  void serve();

 private:
  explicit MetricsServer(std::unique_ptr<MetricsHttp> http) noexcept;

  std::unique_ptr<MetricsHttp> http_;
};

}  // namespace pktana::daemon
