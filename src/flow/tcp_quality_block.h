// SPDX-License-Identifier: Apache-2.0
// The memory of TCP quality beside a flow's entry: one block for a connection on which something
// was exchanged, a second one for a connection on which something went wrong. Times are the low 32
// bits of microseconds; TcpQualityTracker sees to it that none gets so old that they wrap.
#pragma once

#include <array>
#include <cstdint>

#include "flow/block_pool.h"
#include "flow/flow_record.h"
#include "flow/sequence_gaps.h"
#include "flow/tcp_quality.h"

namespace pktana::flow {

/// Bits of SideSequence::flags.
inline constexpr uint8_t kSeqKnown = 0x01;       ///< next_seq holds
inline constexpr uint8_t kAckKnown = 0x02;       ///< last_ack holds
inline constexpr uint8_t kWindowKnown = 0x04;    ///< window holds
inline constexpr uint8_t kTimed = 0x08;          ///< timed_end and timed_us hold
inline constexpr uint8_t kLastKeepAlive = 0x10;  ///< the side's last segment was a keep-alive
inline constexpr uint8_t kTimedVoid = 0x20;      ///< with kTimed: no sample comes of it (Karn)
inline constexpr uint8_t kWindowClosed = 0x40;   ///< AnomalySide::closed_us holds
inline constexpr uint8_t kRequestSeen = 0x80;    ///< of the initiator: request_us holds

/// What the next segment of a side is judged by.
struct SideSequence {
  uint32_t next_seq;      ///< behind the highest number seen
  uint32_t last_ack;      ///< of the last segment with an ACK
  uint32_t next_us;       ///< when next_seq was reached
  uint32_t ack_us;        ///< when the last segment came
  uint32_t timed_end;     ///< the number whose ACK ends a round-trip sample
  uint32_t timed_us;      ///< when that sample began
  uint16_t window;        ///< of the last segment, not scaled
  uint8_t duplicate_run;  ///< duplicate ACKs in a row, at most 255
  uint8_t flags;
};

/// 128 bytes: the first line is for every segment, the second for ACKs of data.
struct alignas(64) QualityBlock {
  std::array<SideSequence, 2> side{};  ///< by Direction
  int64_t now_us = 0;                  ///< latest time seen

  std::array<uint64_t, 2> rtt_sum_us{};
  std::array<uint32_t, 2> rtt_count{};
  std::array<uint32_t, 2> rtt_min_us{};
  std::array<uint32_t, 2> rtt_max_us{};
  uint32_t handshake_us = kUnknownUs;
  uint32_t syn_to_synack_us = kUnknownUs;
  uint32_t synack_to_ack_us = kUnknownUs;
  uint32_t request_us = 0;  ///< first payload of the initiator, see kRequestSeen
  uint32_t first_response_us = kUnknownUs;
  BlockHandle anomalies = kNoBlock;
};

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
  SequenceGaps gaps;
};

struct alignas(64) AnomalyBlock {
  std::array<AnomalySide, 2> side;  ///< by Direction
};

static_assert(sizeof(SideSequence) == 28);
static_assert(sizeof(QualityBlock) == 128);
static_assert(sizeof(AnomalyBlock) == 192);

}  // namespace pktana::flow
