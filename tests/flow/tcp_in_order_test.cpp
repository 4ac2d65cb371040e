// SPDX-License-Identifier: Apache-2.0
// The short way of a segment in order leaves what the long way leaves, bit for bit.
#include "flow/tcp_in_order.h"

#include <cstring>
#include <random>

#include "flow/counted_connection.h"

namespace pktana::flow {
namespace {

/// A connection that mostly goes well: what each side sends next, and now and then something else.
class Chatter {
 public:
  explicit Chatter(uint32_t seed) : random_(seed) {}

  struct Segment {
    Direction side;
    Sent sent;
  };

  Segment next() {
    const Direction side = draw() % 2 == 0 ? kToServer : kToClient;
    uint32_t& seq = seq_[side];
    const uint32_t ack = seq_[opposite(side)];
    now_ns_ += static_cast<int64_t>(draw() % 2'000'000) - 20'000;
    if (draw() % 500 == 0) now_ns_ += int64_t{600'000} * 1'000'000;
    Sent sent{.ts_ns = now_ns_, .tcp_flags = kTcpAck, .seq = seq, .ack = ack};
    sent.window = static_cast<uint16_t>(draw() % 8 == 0 ? 64000 + draw() % 3 : 65535);
    sent.payload_len = draw() % 3 == 0 ? 0 : 1 + draw() % 1400;
    if (draw() % 12 == 0) disturb(sent);
    if (draw() % 40 != 0) seq = std::max(seq, sent.seq + sent.payload_len);
    return {side, sent};
  }

 private:
  uint32_t draw() { return static_cast<uint32_t>(random_()); }

  void disturb(Sent& sent) {
    switch (draw() % 9) {
      case 0:
        sent.seq -= draw() % 3000;  // again
        break;
      case 1:
        sent.seq += draw() % 3000;  // a hole
        break;
      case 2:
        sent.ack -= draw() % 5000;
        break;
      case 3:
        sent.ack += draw() % 5000;  // of what was not seen
        break;
      case 4:
        sent.window = 0;
        break;
      case 5:
        sent.seq -= 1;  // a keep-alive
        sent.payload_len = draw() % 2;
        break;
      case 6:
        sent.payload_len = 1;
        break;
      case 7:
        if (draw() % 20 == 0) sent.tcp_flags |= kTcpFin;
        break;
      default:
        if (draw() % 20 == 0) sent.tcp_flags |= kTcpRst;
        break;
    }
  }

  std::mt19937 random_;
  std::array<uint32_t, 2> seq_{1001, 5001};
  int64_t now_ns_ = kStart;
};

template <typename T>
bool same_bits(const T& a, const T& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

bool same_flow(const FlowView& a, const FlowView& b) {
  if (!same_bits(a.hot, b.hot) || !same_bits(a.tcp, b.tcp) || !same_bits(a.tail, b.tail))
    return false;
  if (a.long_block() != nullptr && !same_bits(*a.long_block(), *b.long_block())) return false;
  return a.odd() == nullptr || same_bits(*a.odd(), *b.odd());
}

TEST_CASE("tcp in order: the short way leaves what the long way leaves") {
  unsigned taken = 0;
  unsigned segments = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    Chatter chatter(seed);
    CountedConnection longly;
    CountedConnection shortly;
    longly.open();
    shortly.open();
    for (int i = 0; i < 300; ++i) {
      const Chatter::Segment segment = chatter.next();
      const Conversation talk = conversation(1);
      const FlowPacket packet = segment.side == kToServer
                                    ? support::from_client(talk, segment.sent)
                                    : support::from_server(talk, segment.sent);
      longly.count(packet, segment.side);
      taken += shortly.count_shortly(packet, segment.side);
      ++segments;
      if (!same_flow(longly.memory().view(), shortly.memory().view()))
        FAIL("seed " << seed << ", segment " << i);
    }
    const TcpQuality one = longly.quality();
    const TcpQuality other = shortly.quality();
    for (const Direction side : {kToServer, kToClient}) {
      CHECK(one.side[side].retransmits == other.side[side].retransmits);
      CHECK(one.side[side].lost_bytes == other.side[side].lost_bytes);
      CHECK(one.side[side].zero_window_us == other.side[side].zero_window_us);
      CHECK(one.side[side].rtt.sum_us == other.side[side].rtt.sum_us);
    }
  }
  CHECK(taken > segments / 3);  // both ways were gone
  CHECK(taken < segments);
}

TEST_CASE("tcp in order: what is out of the ordinary is left alone") {
  CountedConnection connection;
  connection.open();
  const Conversation talk = conversation(1);
  const Sent first{.payload_len = 10, .tcp_flags = kTcpAck, .seq = 1001, .ack = 5001};
  const FlowPacket data = support::from_client(talk, first);
  CHECK_FALSE(is_in_order(connection.memory().view(), data, kToServer));  // its letter is new
  connection.send(kToServer, first);
  connection.send(kToClient, {.payload_len = 9, .tcp_flags = kTcpAck, .seq = 5001, .ack = 1011});
  const auto is_short = [&](const Sent& sent) {
    return is_in_order(connection.memory().view(), support::from_client(talk, sent), kToServer);
  };
  const Sent good{.payload_len = 10, .tcp_flags = kTcpAck, .seq = 1011, .ack = 5010};
  CHECK(is_short(good));
  Sent bad = good;
  bad.seq = 1010;
  CHECK_FALSE(is_short(bad));
  bad = good;
  bad.ack = 5011;  // nobody sent that
  CHECK_FALSE(is_short(bad));
  bad.ack = 5000;
  CHECK_FALSE(is_short(bad));
  bad = good;
  bad.window = 0;
  CHECK_FALSE(is_short(bad));
  for (const uint8_t flag : {kTcpSyn, kTcpFin, kTcpRst}) {
    bad = good;
    bad.tcp_flags |= flag;
    CHECK_FALSE(is_short(bad));
  }
  CHECK_FALSE(is_short({.tcp_flags = kTcpAck, .seq = 1011, .ack = 5001}));  // a duplicate
}

}  // namespace
}  // namespace pktana::flow
