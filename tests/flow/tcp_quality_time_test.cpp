// SPDX-License-Identifier: Apache-2.0
// Round trips, handshake and response time.
#include "tcp_talk.h"

namespace pktana::flow {
namespace {

constexpr uint32_t kMsUs = 1000;

TEST_CASE("tcp quality: the handshake is split at the point of capture") {
  TcpTalk talk;
  talk.open(0, 30, 42);
  const TcpQuality quality = talk.quality();
  CHECK(quality.handshake_us == 42 * kMsUs);
  CHECK(quality.syn_to_synack_us == 30 * kMsUs);
  CHECK(quality.synack_to_ack_us == 12 * kMsUs);
}

TEST_CASE("tcp quality: a SYN sent twice gives no round trip, but the time to connect") {
  TcpTalk talk;
  talk.client({.at_ms = 0, .byte = TcpTalk::kSynByte, .flags = kTcpSyn});
  talk.open(1000, 1030, 1042);
  const TcpQuality quality = talk.quality();
  CHECK(quality.handshake_us == 1042 * kMsUs);
  CHECK(quality.syn_to_synack_us == kUnknownUs);
  CHECK(quality.synack_to_ack_us == 12 * kMsUs);
  CHECK(quality.side[kToServer].retransmits == 1);
}

TEST_CASE("tcp quality: a SYN/ACK sent twice leaves both round trips unknown") {
  TcpTalk talk;
  talk.client({.byte = TcpTalk::kSynByte, .flags = kTcpSyn});
  talk.server({.at_ms = 10, .byte = TcpTalk::kSynByte, .flags = kSynAck});
  talk.server({.at_ms = 1010, .byte = TcpTalk::kSynByte, .flags = kSynAck});
  talk.client({.at_ms = 1020});
  const TcpQuality quality = talk.quality();
  CHECK(quality.handshake_us == 1020 * kMsUs);
  CHECK(quality.syn_to_synack_us == kUnknownUs);
  CHECK(quality.synack_to_ack_us == kUnknownUs);
  CHECK(quality.side[kToClient].retransmits == 1);
}

TEST_CASE("tcp quality: without the SYN there is no handshake") {
  TcpTalk talk;
  talk.client({.byte = 0, .length = 10});
  talk.server({.at_ms = 5, .byte = 0, .acks = 10});
  CHECK(talk.quality().handshake_us == kUnknownUs);
}

TEST_CASE("tcp quality: data to ACK gives least, mean and most of each side") {
  TcpTalk talk;
  talk.open();
  const std::array<int64_t, 3> took_ms{10, 40, 10};
  for (uint32_t i = 0; i < 3; ++i) {
    talk.server({.at_ms = 100 + 100 * i, .byte = 50 * i, .length = 50});
    talk.client({.at_ms = 100 + 100 * i + took_ms[i], .acks = 50 * i + 50});
  }
  const TcpQuality quality = talk.quality();
  const RttSamples& rtt = quality.side[kToClient].rtt;
  CHECK(rtt.count == 3);
  CHECK(rtt.min_us == 10 * kMsUs);
  CHECK(rtt.max_us == 40 * kMsUs);
  CHECK(rtt.sum_us == 60 * kMsUs);
  CHECK(quality.side[kToServer].rtt.count == 0);
}

TEST_CASE("tcp quality: what was sent again gives no sample") {
  TcpTalk talk;
  talk.open();
  talk.server({.at_ms = 100, .byte = 0, .length = 50});
  talk.server({.at_ms = 400, .byte = 0, .length = 50});
  talk.client({.at_ms = 410, .acks = 50});
  CHECK(talk.quality().side[kToClient].rtt.count == 0);
}

TEST_CASE("tcp quality: behind a hole no sample begins until all is acknowledged") {
  TcpTalk talk;
  talk.open(0, 5, 10);
  talk.server({.at_ms = 100, .byte = 50, .length = 50});  // 0 to 50 are missing
  talk.server({.at_ms = 101, .byte = 100, .length = 50});
  talk.server({.at_ms = 500, .byte = 0, .length = 50});
  talk.client({.at_ms = 510, .acks = 150});
  talk.server({.at_ms = 600, .byte = 150, .length = 50});
  talk.client({.at_ms = 607, .acks = 200});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].rtt.count == 1);
  CHECK(quality.side[kToClient].rtt.max_us == 7 * kMsUs);
}

TEST_CASE("tcp quality: an ACK of less than the timed segment is no answer to it") {
  TcpTalk talk;
  talk.open();
  talk.server({.at_ms = 100, .byte = 0, .length = 100});
  talk.client({.at_ms = 110, .acks = 60});
  talk.client({.at_ms = 130, .acks = 100});
  CHECK(talk.quality().side[kToClient].rtt.min_us == 30 * kMsUs);
}

TEST_CASE("tcp quality: the response time runs from the first request to the first byte back") {
  TcpTalk talk;
  talk.open();
  talk.server({.at_ms = 50, .byte = 0, .length = 20});  // a greeting answers nothing
  talk.client({.at_ms = 100, .byte = 0, .length = 10, .acks = 20});
  talk.server({.at_ms = 120, .byte = 20, .acks = 10});
  talk.server({.at_ms = 175, .byte = 20, .length = 500, .acks = 10});
  CHECK(talk.quality().first_response_us == 75 * kMsUs);
}

TEST_CASE("tcp quality: without an answer the response time is unknown") {
  TcpTalk talk;
  talk.open();
  talk.client({.at_ms = 100, .byte = 0, .length = 10});
  CHECK(talk.quality().first_response_us == kUnknownUs);
}

TEST_CASE("tcp quality: a sample over a day is none, and later ones are right") {
  TcpTalk talk(1000, {.max_flows = 10, .timeouts = Timeouts::uniform(int64_t{1} << 60)});
  talk.open();
  talk.server({.at_ms = 100, .byte = 0, .length = 100});
  constexpr int64_t kDayMs = 86'400'000;
  talk.client({.at_ms = kDayMs, .acks = 100});
  talk.server({.at_ms = kDayMs + 100, .byte = 100, .length = 100});
  talk.client({.at_ms = kDayMs + 109, .acks = 200});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].rtt.count == 1);
  CHECK(quality.side[kToClient].rtt.max_us == 9 * kMsUs);
}

TEST_CASE("tcp quality: a hole filled when the microseconds have wrapped is not out of order") {
  TcpTalk talk(1000, {.max_flows = 10, .timeouts = Timeouts::uniform(int64_t{1} << 60)});
  talk.open();
  constexpr int64_t kWrapMs = (int64_t{1} << 32) / 1000;  // 71 minutes
  talk.server({.at_ms = 100, .byte = 100, .length = 100});
  talk.server({.at_ms = 100 + kWrapMs, .byte = 0, .length = 100});
  const TcpQuality quality = talk.quality();
  CHECK(quality.side[kToClient].retransmits == 1);
  CHECK(quality.side[kToClient].out_of_order == 0);
}

}  // namespace
}  // namespace pktana::flow
