// SPDX-License-Identifier: Apache-2.0
// What the scan detector takes out of the record of a flow that looks like an attempt.
#pragma once

#include <array>
#include <cstdint>

#include "base/keyed_hash.h"
#include "flow/flow_record.h"
#include "flow/scan_record.h"

namespace pktana::flow {

/// An attempt is a flow that carried no application data and was short: TCP without payload, of at
/// most kMaxAttemptPackets packets, whose initiator is not known by an answer alone; UDP without an
/// answer and not to a group, of at most kMaxProbeBytes of payload (a one-sided capture of QUIC is
/// no scan); ICMP echo of at most so many packets.
[[nodiscard]] bool is_scan_attempt(const FlowRecord& record) noexcept;
inline constexpr uint64_t kMaxAttemptPackets = 6;
inline constexpr uint64_t kMaxProbeBytes = 1000;

using AddressWords = std::array<uint64_t, 2>;  ///< 16 bytes as on the wire

struct ScanAttempt {
  ScanAttempt(const base::HashSecret& secret, const FlowRecord& record) noexcept;

  /// Vertical: one per source and target; Horizontal: per source and port; Block: per source. With
  /// the protocol, as all of them.
  [[nodiscard]] uint64_t key(ScanKind kind) const noexcept;

  const FlowRecord* record;  ///< Lifetime: that of the record
  const base::HashSecret* secret;
  AddressWords src;
  AddressWords dst;
  uint64_t target_hash;
  uint16_t port;
  bool has_port;
  bool refused;
};

}  // namespace pktana::flow
