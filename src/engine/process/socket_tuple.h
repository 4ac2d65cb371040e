// SPDX-License-Identifier: Apache-2.0
// A socket's two ends, as the key of tables: what a flow and a socket have in common.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace pktana::engine {

/// IPv4 in the first four bytes, as in flow records; IPv4-mapped IPv6 addresses become IPv4.
struct SocketEnd {
  std::array<uint8_t, 16> address{};
  uint16_t port = 0;  ///< host order

  bool operator==(const SocketEnd&) const = default;
};

struct SocketTuple {
  uint8_t protocol = 0;  ///< IANA number
  bool is_ipv4 = false;
  SocketEnd local;
  SocketEnd remote;  ///< zero = not connected, or not asked for

  bool operator==(const SocketTuple&) const = default;
};

struct SocketTupleHash {
  size_t operator()(const SocketTuple& tuple) const noexcept {
    constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
    uint64_t hash = tuple.protocol;
    for (const SocketEnd* end : {&tuple.local, &tuple.remote}) {
      hash = (hash ^ base::load_raw<uint64_t>(end->address.data())) * kFactor;
      hash = (hash ^ base::load_raw<uint64_t>(end->address.data() + 8) ^ hash >> 29) * kFactor;
      hash = (hash ^ end->port ^ hash >> 31) * kFactor;
    }
    return static_cast<size_t>(hash ^ hash >> 32);
  }
};

}  // namespace pktana::engine
