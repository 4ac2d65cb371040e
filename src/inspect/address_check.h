// SPDX-License-Identifier: Apache-2.0
// Findings about the two addresses of an IP packet: land attacks, addresses that can't be a source
// or destination on a network (RFC 6890, RFC 1122 section 3.2.1.3).
#pragma once

#include "inspect/layer.h"

namespace pktana::inspect {

/// @param src, dst  offsets in the layer; the addresses are captured.
void check_ipv4_addresses(Layer& layer, size_t src, size_t dst);
void check_ipv6_addresses(Layer& layer, size_t src, size_t dst);

}  // namespace pktana::inspect
