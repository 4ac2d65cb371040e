// SPDX-License-Identifier: Apache-2.0
// Takes one frame apart into a Tree, every field of every layer that parse/ knows. For people who
// look at single packets: it allocates and makes texts, unlike parse::decode().
#pragma once

#include "inspect/tree.h"
#include "parse/packet.h"

namespace pktana::inspect {

/// Layers below each other in one frame; a frame with more is nested without end.
inline constexpr unsigned kMaxLayers = 80;
/// Nodes of a tree; a frame with more (thousands of tiny chunks) ends in a payload.
inline constexpr size_t kMaxNodes = 20000;

/// Never fails: what can't be read (cut, malformed, not known) is a finding that says so, and the
/// bytes from there on are the layer "payload" (or "padding", behind a length field). Every byte
/// of the frame is in a layer.
/// Threads: pure.
[[nodiscard]] Tree dissect(const parse::Frame& frame);

}  // namespace pktana::inspect
