// SPDX-License-Identifier: Apache-2.0
// The sockets of this network namespace as sock_diag(7) tells them.
#pragma once

#include <cstdint>
#include <functional>

#include "base/netlink.h"
#include "base/result.h"
#include "engine/process/socket_tuple.h"

namespace pktana::engine {

struct SocketInfo {
  SocketTuple tuple;
  uint32_t inode = 0;  ///< 0 = no process holds it any more
  uint32_t uid = 0;
  bool is_listening = false;  ///< TCP: listens; UDP: not connected
};

class SockDiag {
 public:
  [[nodiscard]] static base::Result<SockDiag> open();

  /// All TCP and UDP sockets but those in TIME_WAIT.
  [[nodiscard]] base::Result<void> list(const std::function<void(const SocketInfo&)>& visit);
  [[nodiscard]] base::Result<void> list_udp(const std::function<void(const SocketInfo&)>& visit);

  /// The TCP socket with these two ends. @return false: there is none.
  [[nodiscard]] bool find_tcp(const SocketTuple& tuple, SocketInfo& found);

 private:
  explicit SockDiag(base::NetlinkSocket socket) noexcept;

  [[nodiscard]] base::Result<void> dump(uint8_t family, uint8_t protocol,
                                        const std::function<void(const SocketInfo&)>& visit);

  base::NetlinkSocket socket_;
};

}  // namespace pktana::engine
