// SPDX-License-Identifier: Apache-2.0
// Packets that a worker looks up together, so that their cache misses overlap: decoded, found in
// the table, counted, each step for all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "flow/encapsulation.h"
#include "flow/flow_packet.h"
#include "flow/icmp_quote.h"
#include "ring/packet_ref.h"

namespace pktana::engine {

struct PacketGroup {
  static constexpr size_t kSize = 32;

  std::span<const ring::PacketRef> refs;  ///< those that are done with; one of them may be a
                                          ///< fragment, the last
  bool at_fragment = false;               ///< it is
  size_t count = 0;                       ///< of `packet`
  size_t quote_count = 0;
  /// How many of `packet` each of refs has put there: two of one with its outer flow.
  std::array<uint8_t, kSize> in_flow;
  std::array<flow::FlowPacket, 2 * kSize> packet;
  std::array<flow::Encapsulation, 2 * kSize> around;  ///< of those of `packet` that have one
  /// ICMP errors, each with its packet's place in refs.
  std::array<std::pair<size_t, flow::IcmpQuote>, kSize> quote;

  [[nodiscard]] flow::Encapsulation& around_of(const flow::FlowPacket& one) noexcept {
    return around[static_cast<size_t>(&one - packet.data())];
  }
};

}  // namespace pktana::engine
