// SPDX-License-Identifier: Apache-2.0
// Text helper of the writers whose format has a corner for what is nobody's but ours (ECS:
// `pktana`, OCSF: `unmapped.pktana`): the members of that object, with EVE's names.
#pragma once

#include "flow/encapsulation_table.h"
#include "flow/flow_record.h"

namespace pktana::sink {

/// Members from "state" on, without braces and without a comma in front or behind: states, payload
/// and IP bytes, ICMP, TCP, tunnels. What does not apply to the flow is left out.
/// @param encapsulations null = tunnels are not written.
char* put_own_members(char* out, const flow::FlowRecord& record,
                      const flow::EncapsulationTable* encapsulations) noexcept;

}  // namespace pktana::sink
