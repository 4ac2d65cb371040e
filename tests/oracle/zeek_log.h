// SPDX-License-Identifier: Apache-2.0
// Zeek's own conn.log of a capture, from the oracle file beside it, and our records as rows of the
// same shape.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "flow/flow_record.h"

namespace pktana::oracle {

inline constexpr const char* kUnknownTransport = "unknown_transport";

struct ZeekSide {
  std::string address;
  uint16_t port = 0;              ///< TCP and UDP
  std::optional<uint64_t> bytes;  ///< content; Zeek leaves it out of connections of one packet
  uint64_t packets = 0;
  uint64_t ip_bytes = 0;

  friend auto operator<=>(const ZeekSide&, const ZeekSide&) = default;
};

struct ZeekConnection {
  std::string protocol;          ///< "tcp", "udp", "icmp" (both), "unknown_transport"
  std::array<ZeekSide, 2> side;  ///< originator, responder
  std::string state;
  std::string history;

  friend auto operator<=>(const ZeekConnection&, const ZeekConnection&) = default;
};

/// Rows of the first conn.log in the file; none if it has no conn.log.
[[nodiscard]] std::vector<ZeekConnection> read_zeek_connections(
    const std::filesystem::path& oracle);

[[nodiscard]] ZeekConnection to_zeek(const flow::FlowRecord& record);

/// Whether both are of the same packets: same ends, packets and IP bytes, whoever began.
[[nodiscard]] bool same_packets(const ZeekConnection& a, const ZeekConnection& b);

/// "tcp 10.0.0.1:80 > 10.0.0.2:4000".
[[nodiscard]] std::string ends_of(const ZeekConnection& connection);

/// "SF ShADadFf 12/5/300 80/4/260": state, history, content/packets/IP bytes of each side.
[[nodiscard]] std::string sums_of(const ZeekConnection& connection);

}  // namespace pktana::oracle
