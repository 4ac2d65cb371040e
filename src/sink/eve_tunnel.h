// SPDX-License-Identifier: Apache-2.0
// `pktana.tunnel` of an EVE record: the layers around the flow's packets, outermost first.
#pragma once

#include <cstdint>

#include "flow/encapsulation_table.h"

namespace pktana::sink {

/// Writes `,"tunnel":[{"type":"vxlan","src_ip":...,"dest_ip":...,"id":...}, ...]`; a layer without
/// addresses has no src_ip and dest_ip. For a number that had no room in the table:
/// `,"tunnel_unknown":true`.
/// @param number of the record: not 0, and its reference is still held.
[[nodiscard]] char* put_eve_tunnel(char* out, uint32_t number,
                                   const flow::EncapsulationTable& encapsulations) noexcept;

}  // namespace pktana::sink
