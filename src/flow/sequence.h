// SPDX-License-Identifier: Apache-2.0
// Order of TCP sequence numbers, which wrap (RFC 1982 arithmetic): right as long as two numbers lie
// less than 2^31 apart.
#pragma once

#include <cstdint>

namespace pktana::flow {

/// How far `to` lies behind `from`; negative before it.
[[nodiscard]] constexpr int32_t seq_delta(uint32_t to, uint32_t from) noexcept {
  return static_cast<int32_t>(to - from);
}

constexpr bool seq_before(uint32_t a, uint32_t b) noexcept { return seq_delta(a, b) < 0; }

constexpr bool seq_at_or_before(uint32_t a, uint32_t b) noexcept { return seq_delta(a, b) <= 0; }

}  // namespace pktana::flow
