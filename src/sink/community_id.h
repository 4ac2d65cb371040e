// SPDX-License-Identifier: Apache-2.0
// Community ID version 1 of a flow (github.com/corelight/community-id-spec): the same short text
// for the same connection in every tool that writes it. The one file that knows libcrypto.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "flow/flow_record.h"

namespace pktana::sink {

/// Threads: const, shareable.
class CommunityId {
 public:
  static constexpr size_t kTextBytes = 30;  ///< "1:" and 28 characters of base64

  /// Fails when libcrypto offers no SHA-1.
  [[nodiscard]] static base::Result<CommunityId> create(uint16_t seed);

  /// Writes the kTextBytes characters at `out` and returns the place behind them. Ports count for
  /// TCP, UDP, SCTP, ICMP and ICMPv6 only; ICMP messages that expect no answer are one-way: their
  /// endpoints are not put in order. Cost: one SHA-1 block, no allocation.
  char* put(char* out, const flow::FlowRecord& record) const noexcept;

 private:
  using Words = std::array<uint32_t, 5>;

  CommunityId(uint16_t seed, const Words& start) noexcept : seed_(seed), start_(start) {}

  uint16_t seed_;
  Words start_;  ///< SHA-1's state before the first block
};

}  // namespace pktana::sink
