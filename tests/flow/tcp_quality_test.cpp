// SPDX-License-Identifier: Apache-2.0
// What is counted of a connection, segment by segment.
#include "tcp_talk.h"

namespace pktana::flow {
namespace {

/// A server that sends `segments` of 100 bytes, one a millisecond from `from_ms` on.
void send_all(TcpTalk& talk, uint32_t segments, int64_t from_ms = 10) {
  for (uint32_t i = 0; i < segments; ++i)
    talk.server({.at_ms = from_ms + i, .byte = 100 * i, .length = 100});
}

TEST_CASE("tcp quality: a connection on which all goes well has nothing to count") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 10);
  talk.client({.at_ms = 30, .acks = 1000});
  const TcpQuality quality = talk.quality();
  for (const TcpSide& side : quality.side) {
    CHECK(side.retransmits + side.out_of_order + side.duplicate_acks + side.zero_windows == 0);
    CHECK(side.keep_alives + side.lost_bytes + side.zero_window_us == 0);
  }
  CHECK_FALSE(quality.gaps_may_be_ours);
  CHECK_FALSE(quality.incomplete);
}

TEST_CASE("tcp quality: data sent again is a retransmission of its sender") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 3);
  talk.server({.at_ms = 400, .byte = 0, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].retransmits == 1);
  CHECK(quality.side[kToClient].fast_retransmits == 0);
  CHECK(quality.side[kToClient].spurious_retransmits == 0);
  CHECK(quality.side[kToServer].retransmits == 0);
}

TEST_CASE("tcp quality: a retransmission with new bytes behind is one, and its bytes count") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 2);
  talk.server({.at_ms = 400, .byte = 100, .length = 300});  // to byte 400
  talk.server({.at_ms = 401, .byte = 400, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].retransmits == 1);
  CHECK(quality.side[kToClient].lost_bytes == 0);
}

TEST_CASE("tcp quality: what had been acknowledged is sent again spuriously") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 1);
  talk.client({.at_ms = 20, .acks = 100});
  talk.server({.at_ms = 400, .byte = 0, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].retransmits == 1);
  CHECK(quality.side[kToClient].spurious_retransmits == 1);
}

TEST_CASE("tcp quality: two duplicate ACKs make the next retransmission a fast one, without SACK") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 5);
  talk.client({.at_ms = 20, .acks = 100});
  talk.client({.at_ms = 21, .acks = 100});
  talk.client({.at_ms = 22, .acks = 100});
  talk.server({.at_ms = 25, .byte = 100, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToServer].duplicate_acks == 2);
  CHECK(quality.side[kToClient].fast_retransmits == 1);
  CHECK(quality.side[kToClient].retransmits == 1);
}

TEST_CASE("tcp quality: 20 ms after the duplicate ACKs it is the timer's retransmission") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 5);
  for (int64_t ms = 20; ms < 23; ++ms)
    talk.client({.at_ms = ms, .acks = 100});
  talk.server({.at_ms = 43, .byte = 100, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].retransmits == 1);
  CHECK(quality.side[kToClient].fast_retransmits == 0);
}

TEST_CASE("tcp quality: an ACK with another window is an update, not a duplicate") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 1);
  talk.client({.at_ms = 20, .acks = 100});
  talk.client({.at_ms = 21, .acks = 100, .window = 5000});
  CHECK(talk.quality().side[kToServer].duplicate_acks == 0);
}

TEST_CASE("tcp quality: a late segment within a round trip is out of order and fills its hole") {
  TcpTalk talk;
  talk.open(0, 5, 10);  // a round trip takes 10 ms
  talk.server({.at_ms = 20, .byte = 100, .length = 100});
  talk.server({.at_ms = 21, .byte = 0, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].out_of_order == 1);
  CHECK(quality.side[kToClient].retransmits == 0);
  CHECK(quality.side[kToClient].lost_bytes == 0);
}

TEST_CASE("tcp quality: a hole that is filled long after is a retransmission and no loss") {
  TcpTalk talk;
  talk.open(0, 5, 10);
  talk.server({.at_ms = 20, .byte = 100, .length = 100});
  talk.server({.at_ms = 250, .byte = 0, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].out_of_order == 0);
  CHECK(quality.side[kToClient].retransmits == 1);
  CHECK(quality.side[kToClient].lost_bytes == 0);
}

TEST_CASE("tcp quality: a hole that is never filled is lost") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 1);
  talk.server({.at_ms = 30, .byte = 350, .length = 100});
  talk.server({.at_ms = 31, .byte = 450, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].lost_bytes == 250);
  CHECK(quality.side[kToServer].lost_bytes == 0);
}

TEST_CASE("tcp quality: a keep-alive is neither a retransmission nor is its answer a duplicate") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 1);
  talk.client({.at_ms = 20, .acks = 100});
  talk.server({.at_ms = 60'000, .byte = 99, .length = 0});
  talk.client({.at_ms = 60'010, .acks = 100});
  talk.server({.at_ms = 120'000, .byte = 99, .length = 1});
  talk.client({.at_ms = 120'010, .acks = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].keep_alives == 2);
  CHECK(quality.side[kToClient].retransmits == 0);
  CHECK(quality.side[kToServer].duplicate_acks == 0);
}

TEST_CASE("tcp quality: a window is closed from its zero to its update") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 1);
  talk.client({.at_ms = 100, .acks = 100, .window = 0});
  talk.server({.at_ms = 300, .byte = 100, .length = 1});  // a probe, no data
  talk.client({.at_ms = 301, .acks = 100, .window = 0});
  talk.client({.at_ms = 600, .acks = 100, .window = 8000});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToServer].zero_windows == 2);
  CHECK(quality.side[kToServer].zero_window_us == 500'000);
  CHECK(quality.side[kToServer].duplicate_acks == 0);
  CHECK(quality.side[kToClient].retransmits == 0);
}

TEST_CASE("tcp quality: a window that stays closed is so to the last packet") {
  TcpTalk talk;
  talk.open();
  talk.client({.at_ms = 100, .window = 0});
  talk.server({.at_ms = 4100, .byte = 0, .length = 1});
  CHECK(talk.quality().side[kToServer].zero_window_us == 4'000'000);
}

TEST_CASE("tcp quality: a window closed for hours is timed right") {
  TcpTalk talk;
  talk.open();
  talk.client({.at_ms = 100, .window = 0});
  for (int64_t minute = 1; minute <= 180; ++minute)
    talk.server({.at_ms = 100 + minute * 60'000, .byte = 0, .length = 1});
  talk.client({.at_ms = 100 + 181 * 60'000, .window = 1000});
  CHECK(talk.quality().side[kToServer].zero_window_us == 181ULL * 60'000'000);
}

TEST_CASE("tcp quality: windows of RST and FIN are none") {
  TcpTalk talk;
  talk.open();
  talk.client({.at_ms = 10, .flags = kTcpRst, .window = 0});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToServer].zero_windows == 0);
  CHECK(quality.side[kToServer].zero_window_us == 0);
}

TEST_CASE("tcp quality: all is counted alike where the sequence numbers wrap") {
  TcpTalk talk(0xFFFFFF00U);  // byte 255 is number 0
  talk.open(0, 5, 10);
  talk.server({.at_ms = 20, .byte = 0, .length = 200});
  talk.server({.at_ms = 21, .byte = 300, .length = 100});  // 200 to 300 are missing
  talk.client({.at_ms = 22, .acks = 200});
  talk.client({.at_ms = 23, .acks = 200});
  talk.client({.at_ms = 24, .acks = 200});
  talk.server({.at_ms = 25, .byte = 200, .length = 100});
  talk.client({.at_ms = 26, .acks = 400});
  talk.server({.at_ms = 500, .byte = 100, .length = 200});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToServer].duplicate_acks == 2);
  CHECK(quality.side[kToClient].fast_retransmits == 1);
  CHECK(quality.side[kToClient].spurious_retransmits == 1);
  CHECK(quality.side[kToClient].retransmits == 2);
  CHECK(quality.side[kToClient].lost_bytes == 0);
}

TEST_CASE("tcp quality: a fragment is not looked at") {
  TcpTalk talk;
  talk.open();
  send_all(talk, 1);
  Conversation cut = conversation(1);
  cut.fragment = parse::Fragment::First;
  talk.table().server(cut, {.ts_ns = kStart + kSecond,
                            .payload_len = 8,
                            .tcp_flags = kTcpAck,
                            .seq = 9'000'000,
                            .ack = 1001});
  CHECK(talk.quality().side[kToClient].lost_bytes == 0);
}

}  // namespace
}  // namespace pktana::flow
