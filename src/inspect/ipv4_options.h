// SPDX-License-Identifier: Apache-2.0
// Options of an IPv4 header.
#pragma once

#include "inspect/layer.h"

namespace pktana::inspect {

/// Adds each option between byte 20 and `header_length` of the layer. A source route changes the
/// final destination of walk.ip, which checksums are about.
void add_ipv4_options(Layer& layer, size_t header_length);

}  // namespace pktana::inspect
