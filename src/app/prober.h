// SPDX-License-Identifier: Apache-2.0
// Shows the first bytes of a flow to the probes of the dissectors, until one claims it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "app/conversation.h"
#include "app/registry.h"

namespace pktana::app {

/// What is there to be judged.
struct ProbeInput {
  uint8_t protocol = 0;
  uint8_t direction = 0;           ///< of the bytes that came last
  bool ended = false;              ///< nothing more will come
  std::array<uint16_t, 2> port{};  ///< where packets of a direction are sent to
  std::array<std::span<const uint8_t>, 2> first{};
};

struct ProbeOutcome {
  enum class State : uint8_t { Claimed, Undecided, Unknown };
  State state = State::Undecided;
  const DissectorEntry* owner = nullptr;  ///< where claimed
};

/// Asks all that have not refused, those that name one of the ports first. A TCP refusal is noted
/// in `conversation`, a UDP one is not: each datagram is asked about anew.
[[nodiscard]] ProbeOutcome ask_probes(const Registry& registry, Conversation& conversation,
                                      const ProbeInput& input) noexcept;

/// Name of the first dissector that names a port of the flow, the server's first; null = none.
[[nodiscard]] const char* guess_by_port(const Registry& registry, uint8_t protocol,
                                        std::array<uint16_t, 2> port) noexcept;

}  // namespace pktana::app
