// SPDX-License-Identifier: Apache-2.0
// The memory of one live flow, 176 bytes for IPv4: a hot line that every packet touches, a second
// line beside it for TCP, and 48 bytes for what is written at a connection's beginning. What few
// flows need lies in blocks of flow_spill.h. FlowView and FlowRef (flow_ref.h) put the parts
// together: a counter here is the low half of one there, a number here stands for several that are
// equal nearly always.
#pragma once

#include <array>
#include <cstdint>

#include "flow/block_pool.h"
#include "flow/flow_record.h"
#include "flow/packed_history.h"

namespace pktana::flow {

/// Number of a flow in the store: index of its entries.
using Slot = uint32_t;
inline constexpr Slot kNoSlot = 0xFFFFFFFFU;

/// Which of the timeouts a flow runs under: protocol class * 3 + FlowState.
using TimeoutClass = uint8_t;

/// 64 bytes, one cache line: key, counters, last packet, state. Arrays are by Direction.
struct alignas(64) HotEntry {
  uint64_t address;  ///< FlowKey::address[0] for IPv4; the key's hash for IPv6, whose addresses lie
                     ///< apart
  uint64_t ports;    ///< FlowKey::ports
  uint64_t domain;   ///< FlowKey::domain
  int64_t last_ns;   ///< latest packet time
  std::array<uint32_t, 2> payload_bytes;  ///< low half; carries into LongBlock
  std::array<uint16_t, 2> packets;        ///< likewise
  std::array<uint16_t, 2> header_bytes;   ///< likewise: IP bytes beside the payload
  std::array<uint16_t, 2> link_bytes;     ///< likewise: bytes on the wire beside the IP bytes
  BlockHandle spill;                      ///< LongBlock; 0 = none
  uint16_t source_id;
  TimeoutClass timeout_class;
  TcpState tcp_state;
  std::array<uint8_t, 2> tcp_flags;  ///< OR over the packets
  bool live : 1;                     ///< false: the slot is free
  bool initiator_is_high : 1;        ///< the initiator is the key's high end
  bool reply_seen : 1;               ///< packets in both directions; else the flow is embryonic
  bool hook_wants : 1;               ///< the payload hook is shown the flow's packets
  uint8_t basis : 3;                 ///< InitiatorBasis
  bool handshake_known : 1;          ///< TailEntry::handshake_us holds
  bool ack_leg_known : 1;            ///< TailEntry::synack_to_ack_us holds
  bool syn_leg_known : 1;            ///< of the handshake, what was before that is known, too
  bool response_known : 1;           ///< TailEntry::response_us is the response's time
  bool quality_begun : 1;            ///< TcpQualityTracker judges segments
  bool quality_incomplete : 1;       ///< there was no memory left for TcpQualityTracker
  uint8_t vlan_count : 2;
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

/// Bits of TcpHalf::flags. Of TcpQualityTracker, once it has begun:
inline constexpr uint16_t kSeqKnown = 0x0001;       ///< next_seq holds
inline constexpr uint16_t kAckKnown = 0x0002;       ///< last_ack holds
inline constexpr uint16_t kWindowKnown = 0x0004;    ///< window holds
inline constexpr uint16_t kTimed = 0x0008;          ///< timed_end and timed_us hold
inline constexpr uint16_t kLastKeepAlive = 0x0010;  ///< the last segment was a keep-alive
inline constexpr uint16_t kTimedVoid = 0x0020;      ///< with kTimed: no sample comes of it (Karn)
inline constexpr uint16_t kWindowClosed = 0x0040;   ///< AnomalySide::closed_us holds
inline constexpr uint16_t kRequestSeen = 0x0080;    ///< of the initiator: it has sent payload
inline constexpr uint16_t kRepeatsAcks = 0x0100;    ///< AnomalySide::duplicate_run is not 0
/// Of TcpNumbers:
inline constexpr uint16_t kIsnKnown = 0x0200;         ///< TailEntry::isn is a SYN's number
inline constexpr uint16_t kFinKnown = 0x0400;         ///< a FIN was sent
inline constexpr uint16_t kHighestAckKnown = 0x0800;  ///< an acknowledgment was sent
inline constexpr uint16_t kHoleOpen = 0x1000;         ///< OddBlock::hole holds
/// Before TcpQualityTracker has begun: the last segment was this side's.
inline constexpr uint16_t kSentLast = 0x2000;
/// Round-trip samples so far, 0 to 2; 3 = the number is in LongBlock.
inline constexpr unsigned kSamplesShift = 14;

/// Bits of TcpHalf::apart: the number is in OddBlock, else it equals the one named here.
inline constexpr uint8_t kNextApart = 0x01;        ///< next_seq for conn_state.h: TcpHalf::next_seq
inline constexpr uint8_t kHighestAckApart = 0x02;  ///< TcpHalf::last_ack
inline constexpr uint8_t kPartApart = 0x04;        ///< where this part begins: behind the SYN
inline constexpr uint8_t kFinApart = 0x08;         ///< behind the FIN: next_seq
inline constexpr uint8_t kRstApart = 0x10;         ///< of the last RST: next_seq

/// Bits of TcpHalf::history_seen, see conn_state.cpp for the others.
inline constexpr uint8_t kSeenAck = 0x01;
inline constexpr uint8_t kSeenData = 0x02;
inline constexpr uint8_t kSeenRst = 0x10;

/// What one side of a TCP connection has sent. Times are the low 32 bits of microseconds;
/// TcpQualityTracker sees to it that none gets so old that they wrap.
struct TcpHalf {
  uint32_t next_seq;   ///< behind the highest number seen
  uint32_t last_ack;   ///< of the last segment with an ACK
  uint32_t next_us;    ///< when next_seq was reached
  uint32_t timed_end;  ///< the number whose ACK ends a round-trip sample
  uint32_t timed_us;   ///< when that sample began
  uint16_t window;     ///< of the last segment, not scaled; before kWindowKnown: SYNs sent again
  uint16_t flags;
  uint8_t history_seen;  ///< letters that come once, conn_state.cpp
  uint8_t apart;         ///< numbers that lie in OddBlock
  uint8_t options;       ///< SynOptions::packed(), 0 = no SYN seen
  EndStates end;
};

/// 64 bytes, beside the hot line. By Direction.
struct alignas(64) TcpEntry {
  std::array<TcpHalf, 2> side;
  std::array<uint32_t, 2> rtt_sum_us;  ///< low half; carries into LongBlock
};

/// 128 bytes, aligned so that both lines of a flow are neighbours in memory.
struct alignas(128) FlowEntry {
  HotEntry hot;
  TcpEntry tcp;
};

/// 48 bytes: written when the flow begins, by a connection's first segments and by the second
/// sample of its round trips; read when it ends. Arrays are by Direction.
struct TailEntry {
  int64_t first_ns;
  uint64_t history;             ///< PackedHistory, its first word
  std::array<uint32_t, 2> isn;  ///< with kIsnKnown the SYN's number, else that of the first segment
  std::array<uint32_t, 2> rtt_min_us;  ///< from the second sample on; of one it is the sum
  uint32_t handshake_us;
  uint32_t synack_to_ack_us;
  uint32_t response_us;  ///< first payload of the initiator to the first back; until that comes,
                         ///< when the initiator's was
  std::array<uint16_t, 2> opening;  ///< TCP: MSS of the SYN; without one the first window. ICMP:
                                    ///< type << 8 | code
};

/// Both addresses of an IPv6 flow, low end first.
struct Ipv6Addresses {
  std::array<uint64_t, 4> word;
};

static_assert(sizeof(HotEntry) == 64);
static_assert(sizeof(EndStates) == 1);
static_assert(sizeof(TcpHalf) == 28);
static_assert(sizeof(TcpEntry) == 64);
static_assert(sizeof(FlowEntry) == 128);
static_assert(sizeof(TailEntry) == 48);
static_assert(sizeof(Ipv6Addresses) == 32);

}  // namespace pktana::flow
