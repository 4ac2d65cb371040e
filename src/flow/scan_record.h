// SPDX-License-Identifier: Apache-2.0
// The summary of one scan: a source that tried many ports of a target, or one port of many targets.
// Plain data, made by the ScanDetector, written by the sink beside the flows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pktana::flow {

enum class ScanKind : uint8_t {
  Vertical,    ///< many ports of one target
  Horizontal,  ///< one port (ICMP: echo) of many targets
  Block,       ///< many ports of many targets
};
[[nodiscard]] std::string_view to_string(ScanKind kind) noexcept;  ///< "vertical", ...

/// Both ends included.
struct PortRange {
  uint16_t first = 0;
  uint16_t last = 0;
};

inline constexpr unsigned kMaxScanTargets = 16;     ///< addresses named on a record
inline constexpr unsigned kMaxScanPortRanges = 32;  ///< port ranges named on a record

/// Times and ports in host order, addresses in network order (IPv4 in the first four bytes).
struct ScanRecord {
  ScanKind kind = ScanKind::Vertical;
  uint8_t ip_version = 0;
  uint8_t protocol = 0;    ///< IANA number
  uint16_t source_id = 0;  ///< interface or file of the first attempt noted
  std::array<uint8_t, 16> src{};
  int64_t start_ns = 0;   ///< first packet of the first attempt
  int64_t end_ns = 0;     ///< last packet of the last one
  uint64_t attempts = 0;  ///< flows
  uint64_t refused = 0;   ///< of those, answered by RST or an ICMP error
  uint64_t packets = 0;   ///< both directions
  uint64_t bytes = 0;
  uint64_t target_count = 0;
  bool targets_estimated = false;  ///< more than DistinctValues keeps: within about 5%
  uint64_t port_count = 0;         ///< 0 for protocols without ports

  uint8_t named_targets = 0;  ///< the numerically lowest ones seen since the scan was suspected
  std::array<std::array<uint8_t, 16>, kMaxScanTargets> target{};
  uint8_t named_ranges = 0;  ///< the lowest ones
  std::array<PortRange, kMaxScanPortRanges> ports{};
  bool more_ports = false;  ///< there are ranges behind the last one named
};

}  // namespace pktana::flow
