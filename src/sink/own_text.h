// SPDX-License-Identifier: Apache-2.0
// Members of JSON objects that several formats share, with EVE's names: above all those of the
// corner for what is nobody's but ours (EVE and ECS: `pktana`, OCSF: `unmapped.pktana`).
#pragma once

#include "flow/encapsulation_table.h"
#include "flow/flow_record.h"

namespace pktana::sink {

/// Members from "state" on, without braces and without a comma in front or behind: states, payload
/// and IP bytes, ICMP, TCP, tunnels. What does not apply to the flow is left out.
/// @param encapsulations null = tunnels are not written.
char* put_own_members(char* out, const flow::FlowRecord& record,
                      const flow::EncapsulationTable* encapsulations) noexcept;

// Each with a comma in front.
/// Type and code, and those of the first answer where there was one.
char* put_icmp(char* out, const flow::FlowRecord& record) noexcept;
/// "icmp_errors": {...}
char* put_icmp_errors(char* out, const flow::IcmpErrors& errors) noexcept;
/// "update": {...}
char* put_update(char* out, const flow::FlowUpdate& update) noexcept;

}  // namespace pktana::sink
