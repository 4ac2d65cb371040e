// SPDX-License-Identifier: Apache-2.0
// Memory beside a flow's entries that only some flows need: one block for those that are long or
// tunnelled, a second one for what is odd. There are as many of each as flows, so that none is ever
// refused; they are touched as they are taken.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "flow/block_pool.h"
#include "flow/flow_record.h"

namespace pktana::flow {

/// 64 bytes: of a flow with more packets, bytes or round trips than its entries hold. By Direction.
struct alignas(64) LongBlock {
  std::array<uint32_t, 2> packets_high;  ///< packets / 2^16
  std::array<uint16_t, 2> payload_high;  ///< payload bytes / 2^32
  std::array<int32_t, 2> header_high;    ///< HotEntry::header_bytes / 2^16
  std::array<int32_t, 2> link_high;      ///< HotEntry::link_bytes / 2^16; a length may lie
  std::array<uint32_t, 2> rtt_count;     ///< from the third sample on
  std::array<uint32_t, 2> rtt_max_us;    ///< likewise
  std::array<uint16_t, 2> rtt_sum_high;  ///< TcpEntry::rtt_sum_us / 2^32
  uint32_t truncated_packets;
  uint32_t encapsulation;  ///< number in the EncapsulationTable, with a reference; 0 = none
  BlockHandle anomalies;   ///< TcpQualityTracker's; 0 = none
  BlockHandle odd;         ///< OddBlock; 0 = none
};

/// Events of one TCP side that history counts: each power of ten is a letter. A count that is full
/// stays so: there is no letter for the hundred thousandth.
struct HistoryCounts {
  uint16_t retransmits;
  uint16_t zero_windows;
  uint16_t gaps;
};

/// Sequence numbers that one TCP side has left out so far.
struct SequenceHole {
  uint32_t begin;
  uint32_t end;
};

/// What happens to few flows. By Direction.
struct OddBlock {
  int64_t id_ns;     ///< with id_apart: first packet of the whole flow, over all its parts
  uint64_t history;  ///< PackedHistory, its second word
  std::array<uint32_t, 2> next_seq;     ///< with kNextApart, and so on
  std::array<uint32_t, 2> highest_ack;  ///< highest acknowledgment sent
  std::array<uint32_t, 2> part_seq;     ///< where the content of this part begins
  std::array<uint32_t, 2> fin_end;      ///< sequence number behind the FIN
  std::array<uint16_t, 2> last_rst;     ///< sequence number of the last RST, its low half
  std::array<HistoryCounts, 2> counts;
  std::array<SequenceHole, 2> hole;  ///< the first one, with kHoleOpen
  IcmpErrors icmp_errors;
  uint32_t continuation;  ///< parts split off by the active timeout
  uint16_t instance;      ///< connections before this one, each replaced by a new SYN
  std::array<uint16_t, kMaxRecordVlans> vlan_id;  ///< with vlan_apart; else the key has them
  bool id_apart;
  bool vlan_apart;
};

static_assert(sizeof(LongBlock) == 64);
static_assert(sizeof(OddBlock) <= 104);

/// The blocks of one shard.
struct SpillPools {
  BlockPool<LongBlock> longs;
  BlockPool<OddBlock> odd;

  [[nodiscard]] static base::Result<SpillPools> create(uint32_t max_flows) {
    auto longs = BlockPool<LongBlock>::create(max_flows);
    if (!longs) return base::Unexpected(longs.error());
    auto odd = BlockPool<OddBlock>::create(max_flows);
    if (!odd) return base::Unexpected(odd.error());
    return SpillPools{.longs = std::move(*longs), .odd = std::move(*odd)};
  }
};

}  // namespace pktana::flow
