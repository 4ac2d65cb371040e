// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_tracker.h"

#include <initializer_list>

#include "flow/one_flow.h"

namespace pktana::flow {
namespace {

constexpr uint8_t kFinAck = kTcpFin | kTcpAck;
constexpr uint8_t kSynAck = kTcpSyn | kTcpAck;
constexpr uint32_t kC = 1000;  ///< client's initial sequence number
constexpr uint32_t kS = 5000;  ///< server's

/// One segment and the state that it leads to.
struct Step {
  Direction side;
  uint8_t flags;
  uint32_t seq;
  uint32_t ack;
  uint32_t payload_len;
  TcpState after;
};

/// Plays the steps from the state None and compares after each one.
void play(std::initializer_list<Step> steps) {
  OneFlow flow;
  TcpState state = TcpState::None;
  int number = 0;
  for (const Step& step : steps) {
    TcpNumbersRef numbers(flow.ref());
    state = track(state,
                  {.seq = step.seq,
                   .ack = step.ack,
                   .payload_len = step.payload_len,
                   .flags = step.flags,
                   .direction = step.side},
                  numbers);
    numbers.pack();
    CAPTURE(++number, to_string(state), to_string(step.after));
    CHECK((state == step.after));
  }
}

constexpr Step kSyn{kToServer, kTcpSyn, kC, 0, 0, TcpState::SynSent};
constexpr Step kSynBack{kToClient, kSynAck, kS, kC + 1, 0, TcpState::SynRecv};
constexpr Step kHandshakeAck{kToServer, kTcpAck, kC + 1, kS + 1, 0, TcpState::Established};

TEST_CASE("tcp: a connection that the client closes first") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToServer, kTcpAck, kC + 1, kS + 1, 100, TcpState::Established},
        {kToClient, kTcpAck, kS + 1, kC + 101, 200, TcpState::Established},
        {kToServer, kFinAck, kC + 101, kS + 201, 0, TcpState::CloseWait},
        {kToClient, kTcpAck, kS + 201, kC + 102, 0, TcpState::CloseWait},
        {kToClient, kTcpAck, kS + 201, kC + 102, 50, TcpState::CloseWait},
        {kToServer, kTcpAck, kC + 102, kS + 251, 0, TcpState::CloseWait},
        {kToClient, kFinAck, kS + 251, kC + 102, 0, TcpState::LastAck},
        {kToServer, kTcpAck, kC + 102, kS + 252, 0, TcpState::Closed}});
}

TEST_CASE("tcp: a connection that the server closes first") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait1},
        {kToServer, kTcpAck, kC + 1, kS + 2, 0, TcpState::FinWait2},
        {kToServer, kTcpAck, kC + 1, kS + 2, 10, TcpState::FinWait2},
        {kToServer, kFinAck, kC + 11, kS + 2, 0, TcpState::TimeWait},
        {kToClient, kTcpAck, kS + 2, kC + 12, 0, TcpState::Closed}});
}

TEST_CASE("tcp: the client answers the server's FIN with its own") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait1},
        {kToServer, kFinAck, kC + 1, kS + 2, 0, TcpState::TimeWait},
        {kToClient, kTcpAck, kS + 2, kC + 2, 0, TcpState::Closed}});
}

TEST_CASE("tcp: a FIN that carries data ends behind the data") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToClient, kFinAck, kS + 1, kC + 1, 500, TcpState::FinWait1},
        {kToServer, kTcpAck, kC + 1, kS + 501, 0, TcpState::FinWait1},  // the data, not the FIN
        {kToServer, kTcpAck, kC + 1, kS + 502, 0, TcpState::FinWait2}});
}

TEST_CASE("tcp: simultaneous close with the client's last ACK first") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait1},
        {kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::Closing},
        {kToServer, kTcpAck, kC + 2, kS + 2, 0, TcpState::TimeWait},
        {kToClient, kTcpAck, kS + 2, kC + 2, 0, TcpState::Closed}});
}

TEST_CASE("tcp: simultaneous close with the server's last ACK first") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait1},
        {kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::Closing},
        {kToClient, kTcpAck, kS + 2, kC + 2, 0, TcpState::Closing},
        {kToServer, kTcpAck, kC + 2, kS + 2, 0, TcpState::Closed}});
}

TEST_CASE("tcp: simultaneous close in which the client's FIN was seen first") {
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        {kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::CloseWait},
        {kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::LastAck},
        {kToClient, kTcpAck, kS + 2, kC + 2, 0, TcpState::LastAck},
        {kToServer, kTcpAck, kC + 2, kS + 2, 0, TcpState::Closed}});
}

TEST_CASE("tcp: simultaneous open") {
  play({kSyn,
        {kToClient, kTcpSyn, kS, 0, 0, TcpState::SynRecv},
        {kToServer, kSynAck, kC, kS + 1, 0, TcpState::SynRecv},
        {kToClient, kSynAck, kS, kC + 1, 0, TcpState::SynRecv},
        {kToServer, kTcpAck, kC + 1, kS + 1, 10, TcpState::Established}});
}

TEST_CASE("tcp: split handshake") {
  play({kSyn,
        {kToClient, kTcpAck, kS, kC + 1, 0, TcpState::Established},
        {kToClient, kTcpSyn, kS, 0, 0, TcpState::Established},
        {kToServer, kSynAck, kC, kS + 1, 0, TcpState::Established},
        {kToClient, kTcpAck, kS + 1, kC + 1, 0, TcpState::Established}});
}

TEST_CASE("tcp: retransmissions during the handshake change nothing") {
  play({kSyn,
        kSyn,
        kSyn,
        kSynBack,
        kSynBack,
        {kToServer, kTcpSyn, kC, 0, 0, TcpState::SynRecv},
        kSynBack,
        kHandshakeAck,
        {kToClient, kSynAck, kS, kC + 1, 0, TcpState::Established}});
}

TEST_CASE("tcp: data in the SYN (fast open) and from the server before the client's ACK") {
  play({{kToServer, kTcpSyn, kC, 0, 300, TcpState::SynSent},
        {kToClient, kSynAck, kS, kC + 301, 0, TcpState::SynRecv},
        {kToClient, kTcpAck, kS + 1, kC + 301, 800, TcpState::SynRecv},
        {kToServer, kTcpAck, kC + 301, kS + 801, 0, TcpState::Established}});
}

TEST_CASE("tcp: a handshake of which only the client's half is seen") {
  play({kSyn,
        {kToServer, kTcpAck, kC + 1, kS + 1, 0, TcpState::Established},
        {kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::CloseWait}});
}

TEST_CASE("tcp: a handshake of which only the server's half is seen") {
  play({{kToClient, kSynAck, kS, kC + 1, 0, TcpState::SynRecv},
        {kToClient, kTcpAck, kS + 1, kC + 1, 10, TcpState::SynRecv}});
}

TEST_CASE("tcp: picked up in the middle") {
  play({{kToServer, kTcpAck, kC, kS, 10, TcpState::Established},
        {kToClient, kFinAck, kS, kC + 10, 0, TcpState::FinWait1},
        {kToServer, kFinAck, kC + 10, kS + 1, 0, TcpState::TimeWait},
        {kToClient, kTcpAck, kS + 1, kC + 11, 0, TcpState::Closed}});
  play({{kToServer, kFinAck, kC, kS, 0, TcpState::CloseWait}});
  play({{kToClient, kFinAck, kS, kC, 0, TcpState::FinWait1}});
}

TEST_CASE("tcp: a segment without any flag, as a later fragment is, opens nothing") {
  play({{kToServer, 0, 0, 0, 0, TcpState::None}, {kToClient, 0, 0, 0, 0, TcpState::None}});
}

TEST_CASE("tcp: a reset closes from every state") {
  const Step reset_by_server{kToClient, kTcpRst, kS + 1, 0, 0, TcpState::Closed};
  const Step reset_by_client{kToServer, kTcpRst | kTcpAck, kC + 1, 0, 0, TcpState::Closed};
  const Step fin_client{kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::CloseWait};
  const Step fin_server{kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait1};
  for (const Step& reset : {reset_by_server, reset_by_client}) {
    play({kSyn, reset});
    play({kSyn, kSynBack, reset});
    play({kSyn, kSynBack, kHandshakeAck, reset});
    play({kSyn, kSynBack, kHandshakeAck, fin_client, reset});
    play({kSyn, kSynBack, kHandshakeAck, fin_server, reset});
    play({kSyn,
          kSynBack,
          kHandshakeAck,
          fin_server,
          {kToServer, kTcpAck, kC + 1, kS + 2, 0, TcpState::FinWait2},
          reset});
    play({kSyn,
          kSynBack,
          kHandshakeAck,
          fin_server,
          {kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::Closing},
          reset});
    play({kSyn,
          kSynBack,
          kHandshakeAck,
          fin_client,
          {kToClient, kFinAck, kS + 1, kC + 2, 0, TcpState::LastAck},
          reset});
    play({kSyn,
          kSynBack,
          kHandshakeAck,
          fin_server,
          {kToServer, kFinAck, kC + 1, kS + 2, 0, TcpState::TimeWait},
          reset});
  }
}

TEST_CASE("tcp: a reset of a connection that was never seen leaves it unseen") {
  play({{kToClient, kTcpRst | kTcpAck, 0, kC + 1, 0, TcpState::None}});
}

TEST_CASE("tcp: nothing but a new connection leaves closed") {
  const Step reset{kToClient, kTcpRst, kS + 1, 0, 0, TcpState::Closed};
  play({kSyn,
        reset,
        {kToServer, kTcpAck, kC + 1, kS + 1, 10, TcpState::Closed},
        {kToServer, kFinAck, kC + 1, kS + 1, 10, TcpState::Closed},
        {kToClient, kSynAck, kS, kC + 1, 10, TcpState::Closed}});
}

TEST_CASE("tcp: a retransmitted FIN keeps the state") {
  const Step fin{kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait1};
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        fin,
        fin,
        fin,
        {kToServer, kTcpAck, kC + 1, kS + 2, 0, TcpState::FinWait2},
        {kToClient, kFinAck, kS + 1, kC + 1, 0, TcpState::FinWait2},
        {kToServer, kFinAck, kC + 1, kS + 2, 0, TcpState::TimeWait},
        {kToServer, kFinAck, kC + 1, kS + 2, 0, TcpState::TimeWait}});
  const Step client_fin{kToServer, kFinAck, kC + 1, kS + 1, 0, TcpState::CloseWait};
  play({kSyn,
        kSynBack,
        kHandshakeAck,
        client_fin,
        client_fin,
        {kToClient, kFinAck, kS + 1, kC + 2, 0, TcpState::LastAck},
        {kToClient, kFinAck, kS + 1, kC + 2, 0, TcpState::LastAck},
        {kToServer, kTcpAck, kC + 2, kS + 2, 0, TcpState::Closed}});
}

TEST_CASE("tcp: the last ACK must reach behind the FIN, across the wrap of sequence numbers too") {
  constexpr uint32_t kHigh = 0xFFFFFFF0;
  play({{kToServer, kTcpSyn, kHigh, 0, 0, TcpState::SynSent},
        {kToClient, kSynAck, kHigh, kHigh + 1, 0, TcpState::SynRecv},
        {kToServer, kTcpAck, kHigh + 1, kHigh + 1, 0, TcpState::Established},
        {kToServer, kFinAck, kHigh + 1, kHigh + 1, 100, TcpState::CloseWait},
        {kToClient, kFinAck, kHigh + 1, kHigh + 102, 50, TcpState::LastAck},
        {kToServer, kTcpAck, kHigh + 102, kHigh + 51, 0, TcpState::LastAck},
        {kToServer, kTcpAck, kHigh + 102, kHigh + 52, 0, TcpState::Closed}});
}

struct Connection {
  OneFlow flow;

  void see(const TcpSegment& segment) {
    HotEntry& hot = flow.entry().hot;
    hot.tcp_flags[segment.direction] |= segment.flags;
    TcpNumbersRef numbers(flow.ref());
    hot.tcp_state = track(hot.tcp_state, segment, numbers);
    numbers.pack();
  }
  [[nodiscard]] bool is_new(const TcpSegment& segment) const {
    return is_new_connection(flow.view(), segment);
  }
};

constexpr TcpSegment kFirstSyn{.seq = kC, .flags = kTcpSyn};

TEST_CASE("tcp: a SYN sent again belongs to the connection, one with another number does not") {
  Connection connection;
  connection.see(kFirstSyn);
  CHECK_FALSE(connection.is_new(kFirstSyn));
  CHECK(connection.is_new({.seq = kC + 7, .flags = kTcpSyn}));
  constexpr uint8_t kEce = 0x40;
  constexpr uint8_t kCwr = 0x80;
  CHECK(connection.is_new({.seq = kC + 7, .flags = kTcpSyn | kEce | kCwr}));
}

TEST_CASE("tcp: a SYN from the other side is a simultaneous open, not a new connection") {
  Connection connection;
  connection.see(kFirstSyn);
  CHECK_FALSE(connection.is_new({.seq = kS, .flags = kTcpSyn, .direction = kToClient}));
}

TEST_CASE("tcp: SYN with ACK and resets never begin a new connection") {
  Connection connection;
  connection.see(kFirstSyn);
  CHECK_FALSE(connection.is_new({.seq = kC + 7, .flags = kSynAck}));
  CHECK_FALSE(connection.is_new({.seq = kC + 7, .flags = kTcpSyn | kTcpRst}));
  CHECK_FALSE(connection.is_new({.seq = kC + 7, .flags = kTcpAck}));
}

TEST_CASE("tcp: after a reset or FINs both ways even the same SYN is a new connection") {
  Connection reset;
  reset.see(kFirstSyn);
  reset.see({.flags = kTcpRst | kTcpAck, .direction = kToClient});
  CHECK(reset.is_new(kFirstSyn));
  Connection closed;
  closed.see(kFirstSyn);
  closed.see({.seq = kC + 1, .flags = kFinAck});
  CHECK_FALSE(closed.is_new(kFirstSyn));
  closed.see({.seq = kS + 1, .flags = kFinAck, .direction = kToClient});
  CHECK(closed.is_new(kFirstSyn));
  closed.flow.entry().hot.tcp_flags = {};  // a split by the active timeout begins them anew
  CHECK(closed.is_new(kFirstSyn));
}

TEST_CASE("tcp: states fall into new, established and closed as in EVE") {
  for (const TcpState state : {TcpState::None, TcpState::SynSent, TcpState::SynRecv})
    CHECK((flow_state_of(state) == FlowState::New));
  for (const TcpState state : {TcpState::Established, TcpState::FinWait1, TcpState::FinWait2,
                               TcpState::Closing, TcpState::CloseWait})
    CHECK((flow_state_of(state) == FlowState::Established));
  for (const TcpState state : {TcpState::LastAck, TcpState::TimeWait, TcpState::Closed})
    CHECK((flow_state_of(state) == FlowState::Closed));
}

}  // namespace
}  // namespace pktana::flow
