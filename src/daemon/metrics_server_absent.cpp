// SPDX-License-Identifier: Apache-2.0
// In place of metrics_server.cpp where the build has no libmicrohttpd.
#include "daemon/metrics_server.h"

namespace pktana::daemon {

struct MetricsHttp {};

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::open(const std::string& listen,
                                                                 ControlTarget&) {
  return base::fail_input("listen for metrics", listen + ": this build has no libmicrohttpd");
}

MetricsServer::MetricsServer(std::unique_ptr<MetricsHttp> http) noexcept : http_(std::move(http)) {}
MetricsServer::~MetricsServer() = default;
int MetricsServer::fd() const noexcept { return -1; }
void MetricsServer::serve() {}

}  // namespace pktana::daemon
