// SPDX-License-Identifier: Apache-2.0
// Where metrics are listened for, as it stands in the configuration: "127.0.0.1:9477",
// "[::1]:9477". Addresses only: a name could mean another machine tomorrow.
#pragma once

#include <cstdint>
#include <string>

#include <netinet/in.h>

#include "base/result.h"

namespace pktana::daemon {

struct ListenAddress {
  sockaddr_in6 socket{};  ///< or a sockaddr_in in its place
  socklen_t length = 0;
  uint16_t port = 0;
  bool loopback = false;
};

/// @return an Error that says what to write; `localhost` is taken for 127.0.0.1.
[[nodiscard]] base::Result<ListenAddress> parse_listen_address(const std::string& text);

}  // namespace pktana::daemon
