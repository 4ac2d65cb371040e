// SPDX-License-Identifier: Apache-2.0
// Which flows take memory for TCP quality, and what happens when there is none left.
#include "flow/one_flow.h"
#include "flow/tcp_quality_tracker.h"
#include "flow/tcp_tracker.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

/// One flow's entries and its tracker, counted as a shard counts.
struct Flow {
  OneFlow memory;

  explicit Flow(InitiatorBasis basis = InitiatorBasis::Syn) {
    memory.ref().hot.basis = static_cast<uint8_t>(basis) & 7;
    memory.ref().tail.first_ns = support::kStart;
  }

  void send(TcpQualityTracker& tracker, Direction side, const support::Sent& sent) {
    const FlowPacket packet = support::from_client(support::conversation(1), sent);
    const FlowRef flow = memory.ref();
    TcpNumbersRef numbers(flow);
    tracker.on_segment(flow, packet, side);
    flow.count(side, 1, sent.payload_len, {.header = 40, .link = 14});
    flow.hot.last_ns = sent.ts_ns;
    flow.hot.tcp_flags[side] |= sent.tcp_flags;
    (void)track(TcpState::None,
                {.seq = sent.seq, .ack = sent.ack, .flags = sent.tcp_flags, .direction = side},
                numbers);
    numbers.pack();
  }
  void open(TcpQualityTracker& tracker) {
    send(tracker, kToServer, {.tcp_flags = kTcpSyn, .seq = 1});
    send(tracker, kToClient, {.tcp_flags = kTcpSyn | kTcpAck, .seq = 1, .ack = 2});
  }
  void acknowledge(TcpQualityTracker& tracker, uint32_t seq = 2) {
    send(tracker, kToServer, {.tcp_flags = kTcpAck, .seq = seq, .ack = 2});
  }
  TcpQuality quality(const TcpQualityTracker& tracker) const {
    TcpQuality made;
    tracker.report(memory.view(), made);
    return made;
  }
};

TcpQualityTracker make_tracker(uint32_t anomalies) {
  auto tracker = TcpQualityTracker::create(anomalies);
  REQUIRE(tracker);
  return std::move(*tracker);
}

TEST_CASE("tcp quality: SYNs, their retransmissions and what answers them take no memory") {
  TcpQualityTracker tracker = make_tracker(10);
  Flow half_open;
  half_open.open(tracker);
  half_open.open(tracker);
  Flow rejected;
  rejected.send(tracker, kToServer, {.tcp_flags = kTcpSyn, .seq = 1});
  rejected.send(tracker, kToClient, {.tcp_flags = kTcpRst | kTcpAck, .ack = 2});
  Flow scanned;
  scanned.open(tracker);
  scanned.send(tracker, kToServer, {.tcp_flags = kTcpRst, .seq = 2});
  Flow lone_ack(InitiatorBasis::FirstPacket);
  lone_ack.acknowledge(tracker);
  CHECK(tracker.anomalies_taken() == 0);
  CHECK(half_open.quality(tracker).side[kToServer].retransmits == 1);
  CHECK(half_open.quality(tracker).side[kToClient].retransmits == 1);
}

TEST_CASE("tcp quality: an opened connection takes no block, a first anomaly does") {
  TcpQualityTracker tracker = make_tracker(10);
  Flow flow;
  flow.open(tracker);
  flow.acknowledge(tracker);
  CHECK(flow.memory.ref().hot.quality_begun);
  CHECK(tracker.anomalies_taken() == 0);
  flow.acknowledge(tracker);
  CHECK(tracker.anomalies_taken() == 1);
  tracker.release(flow.memory.ref());
  CHECK(tracker.anomalies_taken() == 0);
}

TEST_CASE("tcp quality: SYNs sent again count on when the connection is opened after all") {
  TcpQualityTracker tracker = make_tracker(10);
  Flow flow;
  flow.open(tracker);
  flow.open(tracker);
  flow.acknowledge(tracker);
  CHECK(flow.quality(tracker).side[kToServer].retransmits == 1);
  CHECK(flow.quality(tracker).side[kToClient].retransmits == 1);
}

TEST_CASE("tcp quality: what came before a block was free is not known") {
  TcpQualityTracker tracker = make_tracker(1);
  Flow first;
  Flow second;
  for (Flow* flow : {&first, &second}) {
    flow->open(tracker);
    flow->acknowledge(tracker);
    flow->acknowledge(tracker);
  }
  CHECK_FALSE(first.quality(tracker).incomplete);
  CHECK(second.quality(tracker).incomplete);
  CHECK(tracker.refused() == 1);
  tracker.release(first.memory.ref());
  second.acknowledge(tracker);  // a block would be there now
  CHECK(second.quality(tracker).incomplete);
  CHECK(tracker.anomalies_taken() == 0);
}

TEST_CASE("tcp quality: a flow without memory for its anomalies says so, and has its times") {
  TcpQualityTracker tracker = make_tracker(1);
  Flow first;
  Flow second;
  for (Flow* flow : {&first, &second}) {
    flow->open(tracker);
    flow->acknowledge(tracker);
    flow->acknowledge(tracker);  // a duplicate
  }
  CHECK(first.quality(tracker).side[kToServer].duplicate_acks == 1);
  CHECK_FALSE(first.quality(tracker).incomplete);
  CHECK(second.quality(tracker).side[kToServer].duplicate_acks == 0);
  CHECK(second.quality(tracker).incomplete);
  CHECK(second.quality(tracker).handshake_us == 0);
}

TEST_CASE("tcp quality: a block taken again holds nothing of the flow before") {
  TcpQualityTracker tracker = make_tracker(1);
  Flow first;
  first.open(tracker);
  first.acknowledge(tracker);
  first.acknowledge(tracker);
  first.acknowledge(tracker, 900);
  tracker.release(first.memory.ref());
  Flow second;
  second.open(tracker);
  second.acknowledge(tracker);
  const TcpQuality quality = second.quality(tracker);
  CHECK(quality.side[kToServer].duplicate_acks == 0);
  CHECK(quality.side[kToServer].lost_bytes == 0);
  CHECK_FALSE(quality.incomplete);
}

TEST_CASE("tcp quality: limits follow the number of flows") {
  CHECK(TcpQualityTracker::anomalies_for(1'000'000) == 250'000);
  CHECK(TcpQualityTracker::anomalies_for(2000) == 1024);
  CHECK(TcpQualityTracker::anomalies_for(10) == 10);
}

}  // namespace
}  // namespace pktana::flow
