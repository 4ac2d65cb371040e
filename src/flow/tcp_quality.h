// SPDX-License-Identifier: Apache-2.0
// What a flow record says of how well TCP went: plain data, counted by the tracker of a shard,
// written by the sink. docs/tcp-quality.md defines every number.
#pragma once

#include <array>
#include <cstdint>

namespace pktana::flow {

inline constexpr uint32_t kUnknownUs = 0xFFFFFFFFU;  ///< a time that was not seen
inline constexpr uint8_t kNoWindowScale = 0xFF;      ///< the side did not offer the option

/// Samples of one kind of round trip, microseconds.
struct RttSamples {
  uint64_t sum_us = 0;
  uint32_t count = 0;
  uint32_t min_us = 0;
  uint32_t max_us = 0;
};

/// Segments that one side sent.
struct TcpSide {
  uint64_t lost_bytes = 0;            ///< holes in the sequence space that were never filled
  uint64_t zero_window_us = 0;        ///< how long this side's window was closed, in sum
  uint32_t retransmits = 0;           ///< all of them
  uint32_t fast_retransmits = 0;      ///< of those, after duplicate ACKs
  uint32_t spurious_retransmits = 0;  ///< of those, of data that had been acknowledged
  uint32_t keep_alives = 0;
  uint32_t out_of_order = 0;
  uint32_t duplicate_acks = 0;
  uint32_t zero_windows = 0;              ///< segments that announced a closed window
  uint16_t mss = 0;                       ///< option of the SYN, bytes; 0 = not seen
  uint8_t window_scale = kNoWindowScale;  ///< option of the SYN: shift count
  bool sack_permitted = false;
  bool timestamps = false;
  RttSamples rtt;  ///< from this side's data to the ACK for it, as seen at the point of capture
};

struct TcpQuality {
  std::array<TcpSide, 2> side{};            ///< by Direction: [kToServer] is the initiator
  uint32_t handshake_us = kUnknownUs;       ///< first SYN to the ACK that ends the handshake
  uint32_t syn_to_synack_us = kUnknownUs;   ///< of that, the server's side of the capture point
  uint32_t synack_to_ack_us = kUnknownUs;   ///< of that, the client's side
  uint32_t first_response_us = kUnknownUs;  ///< first payload of the initiator to the first back
  bool gaps_may_be_ours = false;            ///< our own ring dropped packets while the flow lived
  bool incomplete = false;  ///< there was no memory left to count in: what is told is a lower bound
};

}  // namespace pktana::flow
