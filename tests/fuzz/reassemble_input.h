// SPDX-License-Identifier: Apache-2.0
// How fuzz_reassemble lays out its input: for each packet its length (2 bytes), the time since the
// one before (1 byte, in steps), then the IP packet.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pktana::fuzz {

inline constexpr size_t kReassembleHeaderLen = 3;
inline constexpr int64_t kTimeStepNs = 250'000'000;

}  // namespace pktana::fuzz
