// SPDX-License-Identifier: Apache-2.0
// What TcpQualityTracker counts of a connection on which something went wrong: a block beside the
// flow's entries, of which there are less than flows. Times are as in TcpHalf.
#pragma once

#include <array>
#include <cstdint>

#include "flow/sequence_gaps.h"

namespace pktana::flow {

struct AnomalySide {
  uint64_t zero_window_us = 0;  ///< up to closed_us
  uint32_t closed_us = 0;       ///< since when the window has been closed, or was last looked at
  uint32_t retransmits = 0;
  uint32_t fast_retransmits = 0;
  uint32_t spurious_retransmits = 0;
  uint32_t keep_alives = 0;
  uint32_t out_of_order = 0;
  uint32_t duplicate_acks = 0;
  uint32_t zero_windows = 0;
  uint32_t acked_us = 0;      ///< with kRepeatsAcks: when the last segment came
  uint8_t duplicate_run = 0;  ///< duplicate ACKs in a row, at most 255
  SequenceGaps gaps;
};

struct alignas(64) AnomalyBlock {
  std::array<AnomalySide, 2> side;  ///< by Direction
};

static_assert(sizeof(AnomalyBlock) == 192);

}  // namespace pktana::flow
