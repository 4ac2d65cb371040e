// SPDX-License-Identifier: Apache-2.0
// Tells which connections this machine opens, the moment it does: a packet socket that sees
// outgoing TCP SYNs and outgoing UDP only. So the owner of a socket that lives for milliseconds can
// be asked for while it lives. Apart from the capture's rings; what it misses is missed by nobody
// else.
#pragma once

#include <optional>

#include "base/fd.h"
#include "base/result.h"
#include "engine/process/socket_tuple.h"

namespace pktana::engine {

class FlowTap {
 public:
  /// Needs CAP_NET_RAW.
  [[nodiscard]] static base::Result<FlowTap> open();

  /// The next packet's ends, local first; none: no packet waits.
  [[nodiscard]] std::optional<SocketTuple> take();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  explicit FlowTap(base::Fd fd) noexcept : fd_(std::move(fd)) {}

  base::Fd fd_;
};

/// Ends of an IP packet with TCP or UDP in it, the sender as `local`. None: something else, or cut.
[[nodiscard]] std::optional<SocketTuple> sender_of(base::Bytes ip_packet);

}  // namespace pktana::engine
