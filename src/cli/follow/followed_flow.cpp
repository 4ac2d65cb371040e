// SPDX-License-Identifier: Apache-2.0
#include "cli/follow/followed_flow.h"

#include "flow/icmp_pairs.h"
#include "parse/tcp.h"

namespace pktana::cli {

using flow::Direction;

void FollowedFlow::take(const flow::FlowPacket& packet) {
  const Direction side = packet.from_high == initiator_is_high_ ? flow::kToServer : flow::kToClient;
  last_ns_ = packet.ts_ns;
  if (packet.key.protocol() == flow::kProtocolTcp)
    take_segment(packet, side);
  else
    take_datagram(packet, side);
}

void FollowedFlow::take_datagram(const flow::FlowPacket& packet, Direction side) {
  if (packet.payload_len == 0) return;
  // Of fragments that never came together only the first has a payload, and that begins here.
  if (!packet.payload.empty()) taker_.on_payload(side, packet.ts_ns, packet.payload, true);
  const uint64_t cut = packet.payload_len - packet.payload.size();
  if (cut > 0) taker_.on_gap(side, packet.ts_ns, cut);
}

void FollowedFlow::take_segment(const flow::FlowPacket& packet, Direction side) {
  app::Stream& stream = streams_[side];
  const bool syn = (packet.tcp_flags & parse::kTcpSyn) != 0;
  const bool ack = (packet.tcp_flags & parse::kTcpAck) != 0;
  const uint32_t seq = packet.tcp_seq + (syn ? 1 : 0);
  // A SYN, or what answers to one, says where the stream begins; else the first segment does.
  if (!stream.begun()) stream.begin(seq);
  if (syn && ack && !streams_[opposite(side)].begun())
    streams_[opposite(side)].begin(packet.tcp_ack);
  const base::Bytes payload = packet.fragment ? base::Bytes() : packet.payload;
  const auto fresh = stream.accept(seq, payload);
  if (!fresh.empty()) taker_.on_payload(side, packet.ts_ns, fresh, false);
  const auto captured = static_cast<uint32_t>(payload.size());
  const uint32_t cut = packet.payload_len - captured;
  if (cut > 0 && stream.next_seq() == seq + captured) {
    stream.skip(cut);
    taker_.on_gap(side, packet.ts_ns, cut);
  }
  take_early(side, packet.ts_ns);
  if (ack) take_acknowledged(opposite(side), packet.tcp_ack, packet.ts_ns);
}

void FollowedFlow::take_early(Direction side, int64_t ts_ns) {
  app::Stream& stream = streams_[side];
  std::vector<uint8_t> early;
  while (true) {
    if (stream.take_next_early(early)) {
      taker_.on_payload(side, ts_ns, early, false);
      continue;
    }
    const uint64_t missing = stream.take_gap_if_full();
    if (missing == 0) return;
    taker_.on_gap(side, ts_ns, missing);
  }
}

/// What the receiver has and the capture has not will not come any more.
void FollowedFlow::take_acknowledged(Direction side, uint32_t ack, int64_t ts_ns) {
  if (!streams_[side].begun()) return;
  while (const uint64_t missing = streams_[side].take_gap(ack)) {
    taker_.on_gap(side, ts_ns, missing);
    take_early(side, ts_ns);
  }
}

void FollowedFlow::finish() {
  for (const Direction side : {flow::kToServer, flow::kToClient})
    while (const uint64_t missing = streams_[side].take_last_gap()) {
      taker_.on_gap(side, last_ns_, missing);
      take_early(side, last_ns_);
    }
}

}  // namespace pktana::cli
