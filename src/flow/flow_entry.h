// SPDX-License-Identifier: Apache-2.0
// The memory of one live flow: a hot line that every packet touches, a second line beside it for
// transport state, and a cold entry for what is needed at the flow's beginning, at its end and at
// what happens to it seldom.
#pragma once

#include <array>
#include <cstdint>

#include "flow/flow_record.h"
#include "flow/packed_history.h"

namespace pktana::flow {

/// Number of a flow in the store: index of its entries.
using Slot = uint32_t;
inline constexpr Slot kNoSlot = 0xFFFFFFFFU;

/// Which of the timeouts a flow runs under: protocol class * 3 + FlowState.
using TimeoutClass = uint8_t;

/// 64 bytes, one cache line: key, counters, last packet, state.
struct alignas(64) HotEntry {
  uint64_t address;  ///< FlowKey::address[0] for IPv4; the key's hash for IPv6, whose addresses lie
                     ///< apart
  uint64_t ports;    ///< FlowKey::ports
  uint64_t domain;   ///< FlowKey::domain
  std::array<uint64_t, 2> bytes;    ///< by Direction
  std::array<uint32_t, 2> packets;  ///< by Direction; wraps into ColdEntry::packets_high
  int64_t last_ns;                  ///< latest packet time
  TimeoutClass timeout_class;
  TcpState tcp_state;
  std::array<uint8_t, 2> tcp_flags;  ///< OR over the packets, by Direction
  bool live;                         ///< false: the slot is free
  bool initiator_is_high;            ///< the initiator is the key's high end
  bool reply_seen;                   ///< packets in both directions; else the flow is embryonic
  bool hook_wants;                   ///< the payload hook is shown the flow's packets
};

/// One end of a TCP connection as Zeek sees it, by the segments that it sent.
enum class EndState : uint8_t {
  Inactive,  ///< nothing was sent
  SynSent,
  SynAckSent,
  Partial,  ///< mid-stream: no SYN seen
  Established,
  Closed,  ///< FIN sent
  Reset,   ///< RST sent
};

/// State of an end and the one before it.
struct EndStates {
  EndState now : 4;
  EndState before : 4;
};

/// 64 bytes, beside the hot line: sums and TCP sequence state.
struct alignas(64) TransportEntry {
  std::array<uint32_t, 2> payload_bytes;  ///< by Direction; wraps into ColdEntry::payload_high
  std::array<uint32_t, 2> ip_bytes;       ///< likewise into ip_high
  std::array<uint32_t, 2> isn;            ///< initial sequence number, where isn_known
  std::array<uint32_t, 2> fin_end;        ///< sequence number behind the FIN, where fin_known
  std::array<uint32_t, 2> highest_ack;    ///< highest acknowledgment sent, where ack_known
  std::array<uint32_t, 2> next_seq;       ///< behind the furthest segment, unless Inactive
  std::array<bool, 2> isn_known;
  std::array<bool, 2> fin_known;
  std::array<bool, 2> ack_known;
  std::array<EndStates, 2> end;         ///< TCP, by Direction
  std::array<uint8_t, 2> history_seen;  ///< letters that come once, conn_state.cpp
  std::array<bool, 2> hole_open;
  uint32_t quality;  ///< TcpQualityTracker's block, 0 = none yet
};

/// 128 bytes, aligned so that both lines of a flow are neighbours in memory.
struct alignas(128) FlowEntry {
  HotEntry hot;
  TransportEntry transport;
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

/// SYNs that one side has sent again before there was a block for them; at most 127.
struct SynRepeats {
  uint8_t count : 7;
  uint8_t sent_last : 1;  ///< the last segment was this side's
};

/// What the first segments of a TCP connection say, kept here so that a flood of SYNs, answered or
/// not, takes no block of TcpQualityTracker. By Direction.
struct TcpOpening {
  std::array<uint8_t, 2> options;  ///< SynOptions::packed(), 0 = no SYN seen
  std::array<SynRepeats, 2> syn_repeats;
  std::array<uint16_t, 2> mss_or_window;  ///< option of the SYN; without one the first window
};

/// Written when the flow begins and when something rare happens, read when it ends.
struct ColdEntry {
  int64_t first_ns;
  std::array<uint16_t, 2> packets_high;  ///< packets / 2^32, by Direction
  std::array<uint16_t, 2> payload_high;  ///< payload bytes / 2^32
  std::array<uint16_t, 2> ip_high;       ///< IP bytes / 2^32
  uint32_t truncated_packets;
  uint32_t continuation;   ///< parts split off by the active timeout
  uint32_t encapsulation;  ///< number in the EncapsulationTable, with a reference; 0 = none
  uint16_t instance;       ///< connections before this one, each replaced by a new SYN
  uint16_t source_id;
  std::array<uint16_t, kMaxRecordVlans> vlan_id;
  uint8_t vlan_count;
  InitiatorBasis initiator_basis;
  uint8_t icmp_type;
  uint8_t icmp_code;
  uint8_t response_icmp_type;
  uint8_t response_icmp_code;
  TcpOpening opening;
  int64_t id_ns;  ///< first packet of the whole flow, over all its parts: the flow id is made of it
  IcmpErrors icmp_errors;
  PackedHistory history;
  std::array<uint32_t, 2> part_seq;  ///< where the content of this part begins, by Direction
  std::array<uint16_t, 2> last_rst;  ///< sequence number of the last RST, its low half
  std::array<HistoryCounts, 2> counts;
  std::array<SequenceHole, 2> hole;  ///< the first one, where TransportEntry::hole_open
};

/// Both addresses of an IPv6 flow, low end first.
struct Ipv6Addresses {
  std::array<uint64_t, 4> word;
};

static_assert(sizeof(HotEntry) == 64);
static_assert(sizeof(TransportEntry) == 64);
static_assert(sizeof(FlowEntry) == 128);
static_assert(sizeof(EndStates) == 1 && sizeof(SynRepeats) == 1);
static_assert(sizeof(ColdEntry) <= 128);
static_assert(sizeof(Ipv6Addresses) == 32);

}  // namespace pktana::flow
