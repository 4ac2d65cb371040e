// SPDX-License-Identifier: Apache-2.0
// Order of TCP sequence numbers, which wrap (RFC 1982 arithmetic): right as long as two numbers lie
// less than 2^31 apart.
#pragma once

#include <cstdint>

namespace pktana::flow {

constexpr bool seq_before(uint32_t a, uint32_t b) noexcept {
  return static_cast<int32_t>(a - b) < 0;
}

constexpr bool seq_at_or_before(uint32_t a, uint32_t b) noexcept {
  return static_cast<int32_t>(a - b) <= 0;
}

}  // namespace pktana::flow
