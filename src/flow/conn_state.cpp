// SPDX-License-Identifier: Apache-2.0
#include "flow/conn_state.h"

#include <limits>
#include <string_view>

#include "flow/icmp_pairs.h"

namespace pktana::flow {
namespace {

/// A jump of a SYN's or RST's sequence number that is not believed.
constexpr int32_t kTooFar = 1 << 20;
constexpr uint32_t kCountBase = 10;  ///< t, w and g: a letter at 1, 10, 100, ...

/// Bits of TransportEntry::history_seen.
constexpr uint8_t kSeenAck = 0x01;
constexpr uint8_t kSeenData = 0x02;
constexpr uint8_t kSeenSyn = 0x04;
constexpr uint8_t kSeenFin = 0x08;
constexpr uint8_t kSeenRst = 0x10;
constexpr uint8_t kSeenInconsistent = 0x20;
constexpr uint8_t kSeenMultiFlag = 0x40;

/// One segment with what it changes, its sender's side and the other.
struct Step {
  const TcpSegment& segment;
  TransportEntry& transport;
  ColdEntry& cold;
  Direction side;
  Direction peer;

  [[nodiscard]] bool has(uint8_t flag) const noexcept { return (segment.flags & flag) != 0; }
  [[nodiscard]] EndState state() const noexcept { return transport.end[side].now; }
  [[nodiscard]] EndState peer_state() const noexcept { return transport.end[peer].now; }
};

/// More likely a field left at zero than a connection that has come so far.
bool is_broken_ack(uint32_t ack, uint32_t next_seq) noexcept {
  return ack == 0 && seq_delta(ack, next_seq) > kTooFar;
}

void enter(TransportEntry& transport, Direction side, EndState state) noexcept {
  EndStates& end = transport.end[side];
  if (end.now == state) return;
  end.before = end.now;
  end.now = state;
}

/// Returns whether the letter had been there.
bool once(const Step& step, uint8_t bit, HistoryEvent event) noexcept {
  uint8_t& seen = step.transport.history_seen[step.side];
  if ((seen & bit) != 0) return true;
  seen |= bit;
  step.cold.history.add(event, step.side);
  return false;
}

template <typename Count>
void count_scaled(ColdEntry& cold, Count& counter, HistoryEvent event, Direction side) noexcept {
  if (counter == std::numeric_limits<Count>::max()) return;
  ++counter;
  uint64_t power = 1;
  while (power < counter)
    power *= kCountBase;
  if (power == counter) cold.history.add(event, side);
}

void start_numbers(const Step& step, bool is_first) noexcept {
  const bool syn = step.has(kTcpSyn);
  const uint32_t seq = step.segment.seq;
  step.cold.part_seq[step.side] = syn ? seq + 1 : seq;
  // The first segment of a side without a SYN must not look like a repetition of itself.
  step.transport.next_seq[step.side] = !syn && is_first ? seq : seq + step.segment.payload_len + 1;
}

/// Where the numbers of a side begin. A SYN in the middle begins them anew: perhaps it is the one
/// that counts.
void init_numbers(const Step& step) noexcept {
  switch (step.state()) {
    case EndState::Inactive:
      start_numbers(step, true);
      break;
    case EndState::SynSent:
    case EndState::SynAckSent:
    case EndState::Established:
    case EndState::Partial:
      if (step.has(kTcpSyn) && step.segment.seq + 1 != step.cold.part_seq[step.side])
        start_numbers(step, false);
      break;
    case EndState::Reset:
      if (step.has(kTcpSyn) && step.transport.end[step.side].before == EndState::Inactive)
        start_numbers(step, false);
      break;
    case EndState::Closed:
      break;
  }
}

/// SYN, FIN and RST may come again under another number, which is another letter.
void note_one_flag(const Step& step) noexcept {
  const TcpSegment& segment = step.segment;
  if (step.has(kTcpSyn)) {
    const auto event = step.has(kTcpAck) ? HistoryEvent::SynAck : HistoryEvent::Syn;
    const bool moved = segment.seq + 1 != step.cold.part_seq[step.side];
    if (once(step, kSeenSyn, event) && moved) step.cold.history.add(event, step.side);
  } else if (step.has(kTcpFin)) {
    const bool moved = segment.seq + segment.payload_len + 1 != step.transport.fin_end[step.side];
    if (once(step, kSeenFin, HistoryEvent::Fin) && moved)
      step.cold.history.add(HistoryEvent::Fin, step.side);
  } else {
    const auto seq = static_cast<uint16_t>(segment.seq);
    const bool moved = seq != step.cold.last_rst[step.side];
    if (once(step, kSeenRst, HistoryEvent::Rst) && moved)
      step.cold.history.add(HistoryEvent::Rst, step.side);
    step.cold.last_rst[step.side] = seq;
  }
}

void note_flags(const Step& step) noexcept {
  const uint8_t ends = step.segment.flags & (kTcpSyn | kTcpFin | kTcpRst);
  if (ends == 0) {
    if (step.segment.payload_len > 0)
      once(step, kSeenData, HistoryEvent::Data);
    else if (step.has(kTcpAck))
      once(step, kSeenAck, HistoryEvent::Ack);
  } else if ((ends & (ends - 1)) == 0) {
    note_one_flag(step);
  } else if (step.has(kTcpFin) && step.has(kTcpRst)) {
    once(step, kSeenInconsistent, HistoryEvent::Inconsistent);
  } else {
    once(step, kSeenMultiFlag, HistoryEvent::MultiFlag);
  }
}

/// A closed window means nothing in a RST, nor once the other side has no more to send.
void note_window(const Step& step) noexcept {
  if (step.segment.window != 0 || step.has(kTcpRst)) return;
  if (step.peer_state() == EndState::Closed || step.state() == EndState::Reset) return;
  count_scaled(step.cold, step.cold.counts[step.side].zero_windows, HistoryEvent::ZeroWindow,
               step.side);
}

/// Keeps the first hole in the side's numbers: opened by a segment that begins too late, filled by
/// one that comes late itself.
void note_hole(const Step& step, uint32_t end) noexcept {
  const uint32_t seq = step.segment.seq;
  const uint32_t next = step.transport.next_seq[step.side];
  bool& open = step.transport.hole_open[step.side];
  SequenceHole& hole = step.cold.hole[step.side];
  if (!open) {
    if (seq_delta(seq, next) <= 0) return;
    hole = {.begin = next, .end = seq};
    open = true;
    return;
  }
  if (seq_delta(seq, hole.begin) <= 0 && seq_delta(end, hole.begin) > 0)
    hole.begin = end;
  else if (seq_delta(end, hole.end) >= 0 && seq_delta(seq, hole.end) < 0)
    hole.end = seq;
  open = seq_delta(hole.end, hole.begin) > 0;
}

/// Moves next_seq; a segment that brings nothing new is a repetition.
void note_sequence(const Step& step) noexcept {
  const TcpSegment& segment = step.segment;
  uint32_t& next = step.transport.next_seq[step.side];
  const uint32_t content = step.has(kTcpRst) ? 0 : segment.payload_len;
  const uint32_t end =
      segment.seq + content + (step.has(kTcpSyn) ? 1U : 0U) + (step.has(kTcpFin) ? 1U : 0U);
  const int32_t delta = seq_delta(end, next);
  // PERF NOTE: what comes in order touches no cold memory.
  const bool in_order = segment.seq == next && !step.transport.hole_open[step.side];
  if (!in_order && end != segment.seq && step.state() != EndState::Inactive) note_hole(step, end);
  const bool far = delta > kTooFar || delta < -kTooFar;
  if (far && (step.has(kTcpSyn) || step.has(kTcpRst))) return;
  // Only SYN and FIN were seen of a connection of more than 2 GiB: the FIN knows.
  if (step.has(kTcpFin) && next == step.cold.part_seq[step.side]) {
    next = end;
  } else if (step.state() == EndState::Reset) {
    return;
  } else if (delta > 0) {
    next = end;
  } else if (segment.payload_len > 0) {
    count_scaled(step.cold, step.cold.counts[step.side].retransmits, HistoryEvent::Retransmit,
                 step.side);
  }
}

void on_syn_of_responder(const Step& step) noexcept {
  if (step.peer_state() == EndState::SynSent)
    enter(step.transport, step.peer, EndState::Established);
  enter(step.transport, step.side, EndState::Established);
}

void from_inactive(const Step& step) noexcept {
  if (step.has(kTcpSyn) && step.side == kToServer)
    enter(step.transport, step.side, step.has(kTcpAck) ? EndState::SynAckSent : EndState::SynSent);
  else if (step.has(kTcpSyn))
    on_syn_of_responder(step);
  if (step.has(kTcpFin)) enter(step.transport, step.side, EndState::Closed);
  if (step.has(kTcpRst)) enter(step.transport, step.side, EndState::Reset);
  if (step.state() != EndState::Inactive) return;
  // A bare ACK of the SYN before the SYN/ACK makes nothing partial.
  const bool early_ack = step.side == kToClient && step.segment.payload_len == 0 &&
                         step.peer_state() == EndState::SynSent;
  if (early_ack) return;
  const bool missed_syn = step.has(kTcpAck) && step.peer_state() == EndState::Established;
  enter(step.transport, step.side, missed_syn ? EndState::Established : EndState::Partial);
}

void from_syn_sent(const Step& step) noexcept {
  if (step.has(kTcpFin)) enter(step.transport, step.side, EndState::Closed);
  if (step.has(kTcpRst)) enter(step.transport, step.side, EndState::Reset);
}

void from_open(const Step& step) noexcept {
  const bool syn_after_partial = step.has(kTcpSyn) && !step.has(kTcpAck) &&
                                 step.state() == EndState::Partial &&
                                 step.peer_state() == EndState::Inactive;
  if (syn_after_partial) enter(step.transport, step.side, EndState::SynSent);
  if (step.has(kTcpRst)) {
    enter(step.transport, step.side, EndState::Reset);
    return;
  }
  if (!step.has(kTcpFin)) return;
  enter(step.transport, step.side, EndState::Closed);
  // The other side had sent FIN and RST: with this FIN it was an ordinary end.
  const EndStates peer = step.transport.end[step.peer];
  if (peer.now == EndState::Reset && peer.before == EndState::Closed)
    enter(step.transport, step.peer, EndState::Closed);
}

void move_state(const Step& step) noexcept {
  switch (step.state()) {
    case EndState::Inactive:
      from_inactive(step);
      break;
    case EndState::SynSent:
    case EndState::SynAckSent:
      from_syn_sent(step);
      break;
    case EndState::Partial:
    case EndState::Established:
      from_open(step);
      break;
    case EndState::Closed:
      if (step.has(kTcpRst) && step.peer_state() != EndState::Closed)
        enter(step.transport, step.side, EndState::Reset);
      break;
    case EndState::Reset:
      break;
  }
}

/// An acknowledgment of what was never seen: the capture has a hole. At the end of a connection
/// that says little, so FINs and RSTs are not held to it.
void note_gap(const Step& step, EndState peer_before) noexcept {
  const bool counts = step.has(kTcpAck) && !step.has(kTcpRst) && !step.has(kTcpFin);
  if (!counts || peer_before == EndState::Inactive) return;
  const uint32_t ack = step.segment.ack;
  const uint32_t next = step.transport.next_seq[step.peer];
  bool& open = step.transport.hole_open[step.peer];
  const bool is_new = !step.transport.ack_known[step.side] ||
                      seq_delta(ack, step.transport.highest_ack[step.side]) > 0;
  const bool over_end = seq_delta(ack, next) > 0 && is_new && !is_broken_ack(ack, next);
  const bool over_hole = open && seq_delta(ack, step.cold.hole[step.peer].begin) > 0;
  if (!over_end && !over_hole) return;
  open = false;
  count_scaled(step.cold, step.cold.counts[step.peer].gaps, HistoryEvent::Gap, step.peer);
}

bool is_off(EndState state) noexcept {
  return state == EndState::Inactive || state == EndState::Partial;
}

/// A SYN, then an RST of the same side, and nothing else of it but repetitions.
bool is_abandoned_attempt(const ColdEntry& cold) noexcept {
  const History letters = cold.history.letters();
  const char* at = letters.data();
  if (*at == '^') ++at;
  if (*at++ != 'S') return false;
  constexpr std::string_view kOther{"HAFGIQ"};
  for (; at != letters.data() + letters.size() && *at != '\0'; ++at) {
    if (*at == 'R') return true;
    if (kOther.find(*at) != std::string_view::npos) return false;
  }
  return false;
}

bool no_content(const FlowEntry& entry, const ColdEntry& cold) noexcept {
  return sequence_bytes(entry, cold, kToServer, 0) == 0 &&
         sequence_bytes(entry, cold, kToClient, 0) == 0;
}

}  // namespace

void track_ends(const TcpSegment& segment, TransportEntry& transport, ColdEntry& cold) noexcept {
  const Step step{.segment = segment,
                  .transport = transport,
                  .cold = cold,
                  .side = segment.direction,
                  .peer = opposite(segment.direction)};
  const EndState peer_before = step.peer_state();
  init_numbers(step);
  note_flags(step);
  note_window(step);
  note_sequence(step);
  move_state(step);
  note_gap(step, peer_before);
}

ConnState conn_state_of(uint8_t protocol, bool initiator_sent, bool responder_sent) noexcept {
  if (protocol != kProtocolUdp) return ConnState::Oth;
  if (!initiator_sent) return responder_sent ? ConnState::SHR : ConnState::Oth;
  return responder_sent ? ConnState::SF : ConnState::S0;
}

ConnState tcp_conn_state(const FlowEntry& entry, const ColdEntry& cold) noexcept {
  const EndState ours = entry.transport.end[kToServer].now;
  const EndState theirs = entry.transport.end[kToClient].now;
  if (theirs == EndState::Reset) {
    const bool attempt = ours == EndState::SynSent || ours == EndState::SynAckSent;
    if (attempt || (ours == EndState::Reset && no_content(entry, cold))) return ConnState::Rej;
    return is_off(ours) ? ConnState::RstRH : ConnState::RstR;
  }
  if (ours == EndState::Reset) {
    if (!is_off(theirs)) return ConnState::RstO;
    return is_abandoned_attempt(cold) ? ConnState::RstOS0 : ConnState::Oth;
  }
  if (ours == EndState::Closed && theirs == EndState::Closed) return ConnState::SF;
  if (ours == EndState::Closed) return is_off(theirs) ? ConnState::SH : ConnState::S2;
  if (theirs == EndState::Closed) return is_off(ours) ? ConnState::SHR : ConnState::S3;
  if (ours == EndState::SynSent && theirs == EndState::Inactive) return ConnState::S0;
  const bool open = ours == EndState::Established && theirs == EndState::Established;
  return open ? ConnState::S1 : ConnState::Oth;
}

uint64_t sequence_bytes(const FlowEntry& entry, const ColdEntry& cold, Direction side,
                        uint64_t payload_bytes) noexcept {
  const TransportEntry& transport = entry.transport;
  const EndStates end = transport.end[side];
  if (end.now == EndState::Inactive) return 0;
  const bool aborted = end.now == EndState::Reset && end.before == EndState::SynSent &&
                       transport.end[opposite(side)].now == EndState::Inactive;
  if (aborted) return 0;
  const uint32_t next = transport.next_seq[side];
  const uint32_t acked = transport.highest_ack[opposite(side)];
  const bool acked_more = transport.ack_known[opposite(side)] && seq_delta(acked, next) > 0 &&
                          !is_broken_ack(acked, next);
  const uint32_t edge = acked_more ? acked : next;
  uint64_t bytes = static_cast<uint32_t>(edge - cold.part_seq[side]);
  const bool has_fin = (entry.hot.tcp_flags[side] & kTcpFin) != 0;
  if (has_fin && bytes > 0) --bytes;
  // The numbers say nothing of how often they went around: what was counted does, roughly.
  constexpr uint64_t kRound = uint64_t{1} << 32;
  if (payload_bytes > bytes) bytes += (payload_bytes - bytes + kRound / 2) / kRound * kRound;
  return bytes;
}

bool history_is_settled(const TransportEntry& transport) noexcept {
  constexpr uint8_t kPlain = kSeenAck | kSeenData;
  return (transport.history_seen[0] & transport.history_seen[1] & kPlain) == kPlain;
}

void begin_part(TransportEntry& transport, ColdEntry& cold) noexcept {
  cold.part_seq = transport.next_seq;
  cold.history = {};
  cold.counts = {};
  transport.history_seen = {};
}

}  // namespace pktana::flow
