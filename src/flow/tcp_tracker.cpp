// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_tracker.h"

namespace pktana::flow {
namespace {

constexpr bool has(const TcpSegment& segment, uint8_t flag) noexcept {
  return (segment.flags & flag) != 0;
}

/// Whether the segment acknowledges the FIN of the other side.
bool acks_fin(const TcpSegment& segment, const TcpNumbers& numbers) noexcept {
  const Direction other = opposite(segment.direction);
  return has(segment, kTcpAck) && numbers.has(other, kFinKnown) &&
         seq_delta(segment.ack, numbers.fin_end(other)) >= 0;
}

/// Whether the client's FIN has been acknowledged, by this segment or an earlier one.
bool client_fin_acked(const TcpNumbers& numbers) noexcept {
  return numbers.has(kToServer, kFinKnown) && numbers.has(kToClient, kHighestAckKnown) &&
         seq_delta(numbers.highest_ack(kToClient), numbers.fin_end(kToServer)) >= 0;
}

void note_numbers(const TcpSegment& segment, TcpNumbersRef& numbers) noexcept {
  const Direction side = segment.direction;
  if (has(segment, kTcpSyn) && !numbers.has(side, kIsnKnown))
    numbers.set_isn(side, segment.seq, true);
  if (has(segment, kTcpFin)) numbers.set_fin_end(side, segment.seq + segment.payload_len + 1);
  // What an RST acknowledges is often made up.
  if (!has(segment, kTcpAck) || has(segment, kTcpRst)) return;
  if (!numbers.has(side, kHighestAckKnown) ||
      seq_delta(segment.ack, numbers.highest_ack(side)) >= 0)
    numbers.set_highest_ack(side, segment.ack);
}

TcpState from_none(const TcpSegment& segment) noexcept {
  if (has(segment, kTcpSyn)) return has(segment, kTcpAck) ? TcpState::SynRecv : TcpState::SynSent;
  if (has(segment, kTcpFin))
    return segment.direction == kToServer ? TcpState::CloseWait : TcpState::FinWait1;
  return has(segment, kTcpAck) ? TcpState::Established : TcpState::None;
}

TcpState on_open_fin(const TcpSegment& segment) noexcept {
  return segment.direction == kToServer ? TcpState::CloseWait : TcpState::FinWait1;
}

TcpState from_syn_sent(const TcpSegment& segment) noexcept {
  if (has(segment, kTcpSyn)) {
    // SYN back without ACK is a simultaneous open (RFC 9293 section 3.5) or a split handshake.
    return segment.direction == kToClient ? TcpState::SynRecv : TcpState::SynSent;
  }
  if (has(segment, kTcpFin)) return on_open_fin(segment);
  // The SYN/ACK was not captured, or data came with it (RFC 7413).
  return has(segment, kTcpAck) ? TcpState::Established : TcpState::SynSent;
}

TcpState from_syn_recv(const TcpSegment& segment) noexcept {
  if (has(segment, kTcpFin)) return on_open_fin(segment);
  if (has(segment, kTcpSyn) || !has(segment, kTcpAck)) return TcpState::SynRecv;
  // The server may send data before the client's ACK was seen; the handshake ends with the
  // client's.
  return segment.direction == kToServer ? TcpState::Established : TcpState::SynRecv;
}

TcpState from_established(const TcpSegment& segment) noexcept {
  return has(segment, kTcpFin) ? on_open_fin(segment) : TcpState::Established;
}

/// The server has sent its FIN first.
TcpState from_fin_wait1(const TcpSegment& segment, const TcpNumbers& numbers) noexcept {
  if (segment.direction == kToClient) return TcpState::FinWait1;
  const bool acked = acks_fin(segment, numbers);
  if (has(segment, kTcpFin)) return acked ? TcpState::TimeWait : TcpState::Closing;
  return acked ? TcpState::FinWait2 : TcpState::FinWait1;
}

TcpState from_fin_wait2(const TcpSegment& segment) noexcept {
  const bool fin = segment.direction == kToServer && has(segment, kTcpFin);
  return fin ? TcpState::TimeWait : TcpState::FinWait2;
}

/// The client has sent its FIN first.
TcpState from_close_wait(const TcpSegment& segment) noexcept {
  const bool fin = segment.direction == kToClient && has(segment, kTcpFin);
  return fin ? TcpState::LastAck : TcpState::CloseWait;
}

TcpState on_last_ack(TcpState state, const TcpSegment& segment,
                     const TcpNumbers& numbers) noexcept {
  if (!acks_fin(segment, numbers)) return state;
  if (state == TcpState::Closing) {
    if (segment.direction != kToServer) return state;
    return client_fin_acked(numbers) ? TcpState::Closed : TcpState::TimeWait;
  }
  if (state == TcpState::LastAck && segment.direction != kToServer) return state;
  if (state == TcpState::TimeWait && segment.direction != kToClient) return state;
  return TcpState::Closed;
}

}  // namespace

TcpState track(TcpState state, const TcpSegment& segment, TcpNumbersRef& numbers) noexcept {
  note_numbers(segment, numbers);
  if (has(segment, kTcpRst)) return state == TcpState::None ? TcpState::None : TcpState::Closed;
  switch (state) {
    case TcpState::None:
      return from_none(segment);
    case TcpState::SynSent:
      return from_syn_sent(segment);
    case TcpState::SynRecv:
      return from_syn_recv(segment);
    case TcpState::Established:
      return from_established(segment);
    case TcpState::FinWait1:
      return from_fin_wait1(segment, numbers);
    case TcpState::FinWait2:
      return from_fin_wait2(segment);
    case TcpState::CloseWait:
      return from_close_wait(segment);
    case TcpState::TimeWait:
    case TcpState::LastAck:
    case TcpState::Closing:
      return on_last_ack(state, segment, numbers);
    case TcpState::Closed:
      return TcpState::Closed;
  }
  return state;
}

FlowState flow_state_of(TcpState state) noexcept {
  switch (state) {
    case TcpState::None:
    case TcpState::SynSent:
    case TcpState::SynRecv:
      return FlowState::New;
    case TcpState::Established:
    case TcpState::FinWait1:
    case TcpState::FinWait2:
    case TcpState::Closing:
    case TcpState::CloseWait:
      return FlowState::Established;
    case TcpState::LastAck:
    case TcpState::TimeWait:
    case TcpState::Closed:
      return FlowState::Closed;
  }
  return FlowState::New;
}

bool is_new_connection(const FlowView& flow, const TcpSegment& segment) noexcept {
  if ((segment.flags & (kTcpSyn | kTcpAck | kTcpRst)) != kTcpSyn) return false;
  const TcpNumbers numbers(flow);
  const Direction side = segment.direction;
  if (numbers.has(side, kIsnKnown) && flow.tail.isn[side] != segment.seq) return true;
  // A retransmitted SYN of the same connection has the same number: only an ended one makes it a
  // new connection. The flags alone won't do: they are those of the part since the last split.
  const HotEntry& hot = flow.hot;
  const bool reset =
      hot.tcp_state == TcpState::Closed || ((hot.tcp_flags[0] | hot.tcp_flags[1]) & kTcpRst) != 0;
  return reset || (numbers.has(kToServer, kFinKnown) && numbers.has(kToClient, kFinKnown));
}

}  // namespace pktana::flow
