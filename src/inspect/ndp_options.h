// SPDX-License-Identifier: Apache-2.0
// Options of neighbour discovery messages.
#pragma once

#include "inspect/layer.h"

namespace pktana::inspect {

/// Adds each option from byte `at` of the layer to its end. @return where the last one ends.
size_t add_ndp_options(Layer& layer, size_t at);

}  // namespace pktana::inspect
