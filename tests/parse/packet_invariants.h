// SPDX-License-Identifier: Apache-2.0
// What holds for every decoded packet, whatever the frame: checked by the prefix test, the capture
// test and the fuzzer.
#pragma once

#include "parse/packet.h"

namespace pktana::parse {

/// What is wrong, as a sentence; nullptr if all is well.
[[nodiscard]] const char* broken_invariant(const Packet& packet, base::Bytes frame);

}  // namespace pktana::parse
