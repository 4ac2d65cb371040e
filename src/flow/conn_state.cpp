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

/// Bits of TcpHalf::history_seen, beside those of flow_entry.h.
constexpr uint8_t kSeenSyn = 0x04;
constexpr uint8_t kSeenFin = 0x08;
constexpr uint8_t kSeenInconsistent = 0x20;
constexpr uint8_t kSeenMultiFlag = 0x40;

/// One segment with what it changes, its sender's side and the other.
struct Step {
  const TcpSegment& segment;
  TcpNumbersRef& numbers;
  Direction side;
  Direction peer;

  [[nodiscard]] bool has(uint8_t flag) const noexcept { return (segment.flags & flag) != 0; }
  [[nodiscard]] EndState state() const noexcept { return numbers.end(side).now; }
  [[nodiscard]] EndState peer_state() const noexcept { return numbers.end(peer).now; }
  [[nodiscard]] TcpHalf& own() const noexcept { return numbers.own(side); }
  void add(HistoryEvent event) const noexcept { numbers.ref().add_letter(event, side); }
};

/// More likely a field left at zero than a connection that has come so far.
bool is_broken_ack(uint32_t ack, uint32_t next_seq) noexcept {
  return ack == 0 && seq_delta(ack, next_seq) > kTooFar;
}

void enter(const TcpNumbersRef& numbers, Direction side, EndState state) noexcept {
  EndStates& end = numbers.own(side).end;
  if (end.now == state) return;
  end.before = end.now;
  end.now = state;
}

/// Returns whether the letter had been there.
bool once(const Step& step, uint8_t bit, HistoryEvent event) noexcept {
  uint8_t& seen = step.own().history_seen;
  if ((seen & bit) != 0) return true;
  seen |= bit;
  step.add(event);
  return false;
}

template <typename Count>
void count_scaled(const FlowRef& flow, Count& counter, HistoryEvent event,
                  Direction side) noexcept {
  if (counter == std::numeric_limits<Count>::max()) return;
  ++counter;
  uint64_t power = 1;
  while (power < counter)
    power *= kCountBase;
  if (power == counter) flow.add_letter(event, side);
}

void start_numbers(const Step& step, bool is_first) noexcept {
  const bool syn = step.has(kTcpSyn);
  const uint32_t seq = step.segment.seq;
  step.numbers.begin_part(step.side, seq, syn);
  // The first segment of a side without a SYN must not look like a repetition of itself.
  step.numbers.set_next(step.side, !syn && is_first ? seq : seq + step.segment.payload_len + 1);
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
      if (step.has(kTcpSyn) && step.segment.seq + 1 != step.numbers.part_seq(step.side))
        start_numbers(step, false);
      break;
    case EndState::Reset:
      if (step.has(kTcpSyn) && step.numbers.end(step.side).before == EndState::Inactive)
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
    const bool moved = segment.seq + 1 != step.numbers.part_seq(step.side);
    if (once(step, kSeenSyn, event) && moved) step.add(event);
  } else if (step.has(kTcpFin)) {
    const uint32_t end = segment.seq + segment.payload_len + 1;
    if (once(step, kSeenFin, HistoryEvent::Fin) && end != step.numbers.fin_end(step.side))
      step.add(HistoryEvent::Fin);
  } else {
    const auto seq = static_cast<uint16_t>(segment.seq);
    if (once(step, kSeenRst, HistoryEvent::Rst) && seq != step.numbers.last_rst(step.side))
      step.add(HistoryEvent::Rst);
    step.numbers.set_last_rst(step.side, seq);
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
  count_scaled(step.numbers.ref(), step.numbers.counts(step.side).zero_windows,
               HistoryEvent::ZeroWindow, step.side);
}

void close_hole(const TcpNumbersRef& numbers, Direction side) noexcept {
  numbers.own(side).flags &= static_cast<uint16_t>(~kHoleOpen);
}

/// Keeps the first hole in the side's numbers: opened by a segment that begins too late, filled by
/// one that comes late itself.
void note_hole(const Step& step, uint32_t end) noexcept {
  const uint32_t seq = step.segment.seq;
  const uint32_t next = step.numbers.next(step.side);
  if ((step.own().flags & kHoleOpen) == 0) {
    if (seq_delta(seq, next) <= 0) return;
    step.numbers.hole(step.side) = {.begin = next, .end = seq};
    step.own().flags |= kHoleOpen;
    return;
  }
  SequenceHole& hole = step.numbers.hole(step.side);
  if (seq_delta(seq, hole.begin) <= 0 && seq_delta(end, hole.begin) > 0)
    hole.begin = end;
  else if (seq_delta(end, hole.end) >= 0 && seq_delta(seq, hole.end) < 0)
    hole.end = seq;
  if (seq_delta(hole.end, hole.begin) <= 0) close_hole(step.numbers, step.side);
}

/// Moves next_seq; a segment that brings nothing new is a repetition.
void note_sequence(const Step& step) noexcept {
  const TcpSegment& segment = step.segment;
  const uint32_t next = step.numbers.next(step.side);
  const uint32_t content = step.has(kTcpRst) ? 0 : segment.payload_len;
  const uint32_t end =
      segment.seq + content + (step.has(kTcpSyn) ? 1U : 0U) + (step.has(kTcpFin) ? 1U : 0U);
  const int32_t delta = seq_delta(end, next);
  // PERF NOTE: what comes in order touches no other memory.
  const bool in_order = segment.seq == next && (step.own().flags & kHoleOpen) == 0;
  if (!in_order && end != segment.seq && step.state() != EndState::Inactive) note_hole(step, end);
  const bool far = delta > kTooFar || delta < -kTooFar;
  if (far && (step.has(kTcpSyn) || step.has(kTcpRst))) return;
  // Only SYN and FIN were seen of a connection of more than 2 GiB: the FIN knows.
  if (step.has(kTcpFin) && next == step.numbers.part_seq(step.side)) {
    step.numbers.set_next(step.side, end);
  } else if (step.state() == EndState::Reset) {
    return;
  } else if (delta > 0) {
    step.numbers.set_next(step.side, end);
  } else if (segment.payload_len > 0) {
    count_scaled(step.numbers.ref(), step.numbers.counts(step.side).retransmits,
                 HistoryEvent::Retransmit, step.side);
  }
}

void on_syn_of_responder(const Step& step) noexcept {
  if (step.peer_state() == EndState::SynSent) enter(step.numbers, step.peer, EndState::Established);
  enter(step.numbers, step.side, EndState::Established);
}

void from_inactive(const Step& step) noexcept {
  if (step.has(kTcpSyn) && step.side == kToServer)
    enter(step.numbers, step.side, step.has(kTcpAck) ? EndState::SynAckSent : EndState::SynSent);
  else if (step.has(kTcpSyn))
    on_syn_of_responder(step);
  if (step.has(kTcpFin)) enter(step.numbers, step.side, EndState::Closed);
  if (step.has(kTcpRst)) enter(step.numbers, step.side, EndState::Reset);
  if (step.state() != EndState::Inactive) return;
  // A bare ACK of the SYN before the SYN/ACK makes nothing partial.
  const bool early_ack = step.side == kToClient && step.segment.payload_len == 0 &&
                         step.peer_state() == EndState::SynSent;
  if (early_ack) return;
  const bool missed_syn = step.has(kTcpAck) && step.peer_state() == EndState::Established;
  enter(step.numbers, step.side, missed_syn ? EndState::Established : EndState::Partial);
}

void from_syn_sent(const Step& step) noexcept {
  if (step.has(kTcpFin)) enter(step.numbers, step.side, EndState::Closed);
  if (step.has(kTcpRst)) enter(step.numbers, step.side, EndState::Reset);
}

void from_open(const Step& step) noexcept {
  const bool syn_after_partial = step.has(kTcpSyn) && !step.has(kTcpAck) &&
                                 step.state() == EndState::Partial &&
                                 step.peer_state() == EndState::Inactive;
  if (syn_after_partial) enter(step.numbers, step.side, EndState::SynSent);
  if (step.has(kTcpRst)) {
    enter(step.numbers, step.side, EndState::Reset);
    return;
  }
  if (!step.has(kTcpFin)) return;
  enter(step.numbers, step.side, EndState::Closed);
  // The other side had sent FIN and RST: with this FIN it was an ordinary end.
  const EndStates peer = step.numbers.end(step.peer);
  if (peer.now == EndState::Reset && peer.before == EndState::Closed)
    enter(step.numbers, step.peer, EndState::Closed);
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
        enter(step.numbers, step.side, EndState::Reset);
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
  const uint32_t next = step.numbers.next(step.peer);
  const bool is_new = !step.numbers.has(step.side, kHighestAckKnown) ||
                      seq_delta(ack, step.numbers.highest_ack(step.side)) > 0;
  const bool over_end = seq_delta(ack, next) > 0 && is_new && !is_broken_ack(ack, next);
  const bool over_hole = step.numbers.has(step.peer, kHoleOpen) &&
                         seq_delta(ack, step.numbers.hole(step.peer).begin) > 0;
  if (!over_end && !over_hole) return;
  close_hole(step.numbers, step.peer);
  count_scaled(step.numbers.ref(), step.numbers.counts(step.peer).gaps, HistoryEvent::Gap,
               step.peer);
}

bool is_off(EndState state) noexcept {
  return state == EndState::Inactive || state == EndState::Partial;
}

/// A SYN, then an RST of the same side, and nothing else of it but repetitions.
bool is_abandoned_attempt(const FlowView& flow) noexcept {
  const History letters = flow.history();
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

bool no_content(const FlowView& flow) noexcept {
  return sequence_bytes(flow, kToServer, 0) == 0 && sequence_bytes(flow, kToClient, 0) == 0;
}

}  // namespace

void track_ends(const TcpSegment& segment, TcpNumbersRef& numbers) noexcept {
  const Step step{.segment = segment,
                  .numbers = numbers,
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

ConnState tcp_conn_state(const FlowView& flow) noexcept {
  const EndState ours = flow.tcp.side[kToServer].end.now;
  const EndState theirs = flow.tcp.side[kToClient].end.now;
  if (theirs == EndState::Reset) {
    const bool attempt = ours == EndState::SynSent || ours == EndState::SynAckSent;
    if (attempt || (ours == EndState::Reset && no_content(flow))) return ConnState::Rej;
    return is_off(ours) ? ConnState::RstRH : ConnState::RstR;
  }
  if (ours == EndState::Reset) {
    if (!is_off(theirs)) return ConnState::RstO;
    return is_abandoned_attempt(flow) ? ConnState::RstOS0 : ConnState::Oth;
  }
  if (ours == EndState::Closed && theirs == EndState::Closed) return ConnState::SF;
  if (ours == EndState::Closed) return is_off(theirs) ? ConnState::SH : ConnState::S2;
  if (theirs == EndState::Closed) return is_off(ours) ? ConnState::SHR : ConnState::S3;
  if (ours == EndState::SynSent && theirs == EndState::Inactive) return ConnState::S0;
  const bool open = ours == EndState::Established && theirs == EndState::Established;
  return open ? ConnState::S1 : ConnState::Oth;
}

uint64_t sequence_bytes(const FlowView& flow, Direction side, uint64_t payload_bytes) noexcept {
  const TcpNumbers numbers(flow);
  const Direction peer = opposite(side);
  const EndStates end = numbers.end(side);
  if (end.now == EndState::Inactive) return 0;
  const bool aborted = end.now == EndState::Reset && end.before == EndState::SynSent &&
                       numbers.end(peer).now == EndState::Inactive;
  if (aborted) return 0;
  const uint32_t next = numbers.next(side);
  const uint32_t acked = numbers.highest_ack(peer);
  const bool acked_more = numbers.has(peer, kHighestAckKnown) && seq_delta(acked, next) > 0 &&
                          !is_broken_ack(acked, next);
  const uint32_t edge = acked_more ? acked : next;
  uint64_t bytes = static_cast<uint32_t>(edge - numbers.part_seq(side));
  const bool has_fin = (flow.hot.tcp_flags[side] & kTcpFin) != 0;
  if (has_fin && bytes > 0) --bytes;
  // The numbers say nothing of how often they went around: what was counted does, roughly.
  constexpr uint64_t kRound = uint64_t{1} << 32;
  if (payload_bytes > bytes) bytes += (payload_bytes - bytes + kRound / 2) / kRound * kRound;
  return bytes;
}

void begin_part(const FlowRef& flow) noexcept {
  TcpNumbersRef numbers(flow);
  for (const Direction side : {kToServer, kToClient}) {
    numbers.set_part_seq(side, numbers.next(side));
    numbers.own(side).history_seen = 0;
  }
}

}  // namespace pktana::flow
