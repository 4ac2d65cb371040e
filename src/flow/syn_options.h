// SPDX-License-Identifier: Apache-2.0
// The options of a SYN that a flow record tells: read once per SYN, kept in three bytes.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "flow/tcp_quality.h"

namespace pktana::flow {

struct SynOptions {
  uint16_t mss = 0;                       ///< 0 = not offered
  uint8_t window_scale = kNoWindowScale;  ///< at most 14
  bool sack_permitted = false;
  bool timestamps = false;

  /// @param options those of the header, as far as they were captured.
  [[nodiscard]] static SynOptions read(base::Bytes options) noexcept;

  /// All but the MSS in one byte that is never 0, and back.
  [[nodiscard]] uint8_t packed() const noexcept;
  [[nodiscard]] static SynOptions unpacked(uint8_t packed, uint16_t mss) noexcept;
};

}  // namespace pktana::flow
