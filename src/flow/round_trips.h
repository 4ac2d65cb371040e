// SPDX-License-Identifier: Apache-2.0
// The round-trip samples of one side of a connection: two fit into the flow's own entries, with the
// third their number and the longest one go to its LongBlock.
#pragma once

#include "flow/flow_ref.h"
#include "flow/tcp_quality.h"

namespace pktana::flow {

void add_round_trip(const FlowRef& flow, Direction side, uint32_t rtt_us) noexcept;

[[nodiscard]] RttSamples round_trips_of(const FlowView& flow, Direction side) noexcept;

/// As if there had been none.
void forget_round_trips(const FlowRef& flow) noexcept;

}  // namespace pktana::flow
