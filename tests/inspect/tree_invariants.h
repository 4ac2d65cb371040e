// SPDX-License-Identifier: Apache-2.0
// What holds of every tree of dissect(), whatever the frame: for the tests and the fuzzer.
#pragma once

#include <cstddef>

#include "inspect/tree.h"

namespace pktana::inspect {

/// Nodes and findings lie within the frame; the frame's layers lie one behind the other and cover
/// every byte; no node is deeper than one below the node in front of it.
/// @return what is broken; nullptr = nothing.
[[nodiscard]] const char* broken_invariant(const Tree& tree, size_t frame_size);

}  // namespace pktana::inspect
