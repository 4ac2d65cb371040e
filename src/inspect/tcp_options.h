// SPDX-License-Identifier: Apache-2.0
// Options of a TCP header.
#pragma once

#include "inspect/layer.h"

namespace pktana::inspect {

/// Adds each option between byte 20 and `header_length` of the layer.
void add_tcp_options(Layer& layer, size_t header_length);

}  // namespace pktana::inspect
