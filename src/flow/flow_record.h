// SPDX-License-Identifier: Apache-2.0
// The record of one flow: plain data, made by a shard when a flow ends, formatted by the sink's
// writers, evaluated by flow expressions. Nothing here points into the table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "flow/app_summary.h"
#include "flow/tcp_quality.h"

namespace pktana::flow {

inline constexpr unsigned kMaxRecordVlans =
    3;  ///< VLAN ids on a record, as EVE has them; deeper tags are in the key only

/// Index of the two directions in arrays: from the initiator, and back to it.
enum Direction : uint8_t { kToServer = 0, kToClient = 1 };

[[nodiscard]] constexpr Direction opposite(Direction direction) noexcept {
  return direction == kToServer ? kToClient : kToServer;
}

/// Why the record was written.
enum class EndReason : uint8_t {
  Idle,        ///< no packet for the timeout of the flow's state
  Closed,      ///< TCP: FIN both ways
  Reset,       ///< TCP: RST
  Active,      ///< split because it is longer than the active timeout
  Evicted,     ///< no room: max_flows
  Shutdown,    ///< still live when the capture ended
  TupleReuse,  ///< a new connection on the same addresses and ports
};
inline constexpr unsigned kEndReasonCount = 7;
[[nodiscard]] std::string_view to_string(
    EndReason reason) noexcept;  ///< "idle", "closed", ... "tuple_reuse"

enum class FlowState : uint8_t { New, Established, Closed };
[[nodiscard]] std::string_view to_string(
    FlowState state) noexcept;  ///< "new", "established", "closed"

/// The connection as both directions show it (RFC 9293 section 3.3.2, seen from the middle; EVE's
/// names).
enum class TcpState : uint8_t {
  None,
  SynSent,
  SynRecv,
  Established,
  FinWait1,
  FinWait2,
  TimeWait,
  LastAck,
  CloseWait,
  Closing,
  Closed,
};
[[nodiscard]] std::string_view to_string(
    TcpState state) noexcept;  ///< "none", "syn_sent", ... "closed"

/// How the initiator was told from the responder.
enum class InitiatorBasis : uint8_t { Syn, SynAck, IcmpRequest, Port, FirstPacket };
[[nodiscard]] std::string_view to_string(
    InitiatorBasis basis) noexcept;  ///< "syn", "synack", "icmp_request", ...

struct DirectionTotals {
  uint64_t packets = 0;
  uint64_t bytes = 0;          ///< whole frames as on the wire
  uint64_t ip_bytes = 0;       ///< IP packets, by their length fields: no link header, no padding
  uint64_t payload_bytes = 0;  ///< transport payload, by length fields
  /// TCP: content by sequence numbers, what the other side acknowledged included: each byte once,
  /// with those that the capture missed. Other protocols: payload_bytes.
  uint64_t sequence_bytes = 0;
};

/// How a connection looks as a whole, in the words of Zeek's conn.log
/// (https://docs.zeek.org, base/protocols/conn: conn_state); all protocols have one.
enum class ConnState : uint8_t {
  S0,      ///< attempt seen, no reply
  S1,      ///< established, not ended
  SF,      ///< established and ended normally
  Rej,     ///< attempt rejected
  S2,      ///< established, the initiator wants to end, no answer to that
  S3,      ///< the same for the responder
  RstO,    ///< established, reset by the initiator
  RstR,    ///< reset by the responder
  RstOS0,  ///< SYN, then RST of the initiator; no SYN/ACK
  RstRH,   ///< SYN/ACK, then RST of the responder; no SYN
  SH,      ///< SYN, then FIN of the initiator; no SYN/ACK
  SHR,     ///< SYN/ACK, then FIN of the responder; no SYN
  Oth,     ///< no SYN seen
};
[[nodiscard]] std::string_view to_string(ConnState state) noexcept;  ///< "S0", ... "OTH"

/// Letters of Zeek's conn.log `history`, in order of appearance; not terminated, 0 behind the end.
inline constexpr size_t kMaxHistory = 24;
using History = std::array<char, kMaxHistory>;
[[nodiscard]] std::string_view view(const History& history) noexcept;

/// ICMP errors that quoted a packet of the flow.
struct IcmpErrors {
  uint32_t count = 0;
  uint8_t type = 0;  ///< of the last one
  uint8_t code = 0;
};

/// What a flow_update event says beside the record of the flow so far.
struct FlowUpdate {
  uint32_t index = 0;  ///< 1 for the flow's first update; 0 = not an update but the final record
  std::array<uint64_t, 2> packets{};  ///< since the update before, by Direction
  std::array<uint64_t, 2> bytes{};
};

/// src is the initiator, dst the responder. Ports and times in host order; unused fields are zero.
struct FlowRecord {
  uint64_t flow_id = 0;  ///< below 2^53, the same in every event of the flow
  uint64_t key_hash = 0;
  int64_t start_ns = 0;                     ///< first packet
  int64_t end_ns = 0;                       ///< last packet
  std::array<DirectionTotals, 2> totals{};  ///< by Direction

  std::array<uint8_t, 16> src{};  ///< network order; IPv4 in the first four bytes
  std::array<uint8_t, 16> dst{};
  uint16_t src_port = 0;  ///< TCP, UDP, SCTP
  uint16_t dst_port = 0;
  uint32_t spi = 0;        ///< ESP: security parameter index; one direction each
  uint16_t source_id = 0;  ///< interface or file of the first packet, in the run's NameTable
  std::array<uint16_t, kMaxRecordVlans> vlan_id{};
  uint8_t vlan_count = 0;
  uint8_t ip_version = 0;
  uint8_t protocol = 0;  ///< IANA number

  EndReason end_reason = EndReason::Idle;
  bool at_shutdown =
      false;  ///< the capture ended with the flow in the table, closed connections among them
  FlowState state = FlowState::New;
  TcpState tcp_state = TcpState::None;
  InitiatorBasis initiator_basis = InitiatorBasis::FirstPacket;
  std::array<uint8_t, 2> tcp_flags{};  ///< OR over the packets of a direction

  bool has_icmp_response = false;
  uint8_t icmp_type =
      0;  ///< of the initiator's first packet; the one asked for, if only answers were seen
  uint8_t icmp_code = 0;
  uint8_t response_icmp_type = 0;  ///< of the first packet back, where has_icmp_response
  uint8_t response_icmp_code = 0;

  uint32_t truncated_packets = 0;  ///< packets with fewer bytes captured than were sent
  uint32_t continuation = 0;   ///< index of this part of a flow split by the active timeout, from 0
  uint32_t encapsulation = 0;  ///< number in the run's EncapsulationTable; 0 = not in a tunnel

  ConnState conn_state = ConnState::Oth;
  History history{};
  IcmpErrors icmp_errors{};
  FlowUpdate update{};
  TcpQuality tcp{};  ///< TCP only

  const char* app_proto =
      nullptr;  ///< "tls", "failed" = looked at and not known; null = not looked at
  AppBasis app_basis = AppBasis::None;
  const AppSummary* app = nullptr;  ///< what else is known; the record holds a reference
  /// Not null: no record of the flow but of this event, which happened at end_ns; a reference too.
  /// All else is the flow as it stood.
  const AppEvent* event = nullptr;
  /// Of an event: rises from event to event of a flow, so that those of one time have an order.
  uint64_t event_number = 0;

  /// Whether this is the flow's final record (or a part split off), the one that sums are made of.
  [[nodiscard]] bool is_final() const noexcept { return update.index == 0 && event == nullptr; }
};

/// One reference more to what the record refers to: it is kept twice.
void take_belongings(const FlowRecord& record) noexcept;
/// The references of records that nobody will read again.
void drop_belongings(std::span<const FlowRecord> records) noexcept;

static_assert(std::is_trivially_copyable_v<FlowRecord>,
              "records are copied through a queue as bytes");

}  // namespace pktana::flow
