// SPDX-License-Identifier: Apache-2.0
#include "engine/fragment_stage.h"

#include <utility>

namespace pktana::engine {

bool has_outer_ip(const parse::Packet& packet) noexcept {
  for (unsigned i = 0; i < packet.outer_count; ++i)
    if (packet.outer[i].ip_version != 0) return true;
  return false;
}

base::Result<FragmentStage> FragmentStage::create(const FragmentOptions& options) {
  auto reassembler = flow::Reassembler::create(options.secret, options.key);
  if (!reassembler) return base::Unexpected(reassembler.error());
  return FragmentStage(options, std::move(*reassembler));
}

FragmentStage::FragmentStage(const FragmentOptions& options, flow::Reassembler reassembler)
    : options_(options), reassembler_(std::move(reassembler)) {}

void FragmentStage::take(parse::Packet& packet, const flow::PacketMeta& meta, int64_t now_ns,
                         FragmentCounter& counter) noexcept {
  expire(now_ns, counter);
  flow::FlowPacket frame;
  frame.ts_ns = frame.first_ns = meta.ts_ns;
  frame.wire_len = meta.wire_len;
  frame.source_id = meta.source_id;
  frame.number = meta.number;
  frame.ip_len = packet.ip_len;
  describe(packet, frame);
  bool outer_known = has_outer_ip(packet);  // then the frame itself has counted there
  for (unsigned level = 0; level < kMaxLevels && packet.fragment != parse::Fragment::None;
       ++level) {
    if (reassembler_.is_full() && reassembler_.release_one())
      counter.count_fragments(reassembler_.frames());
    const auto outcome = reassembler_.add(packet, flow_);
    const bool held = outcome == flow::Reassembler::Outcome::Held;
    const uint64_t with = held ? reassembler_.held_number() : reassembler_.frames().number;
    if (with != flow_.number) counter.join_frames(flow_.number, with);
    if (held) return;
    const flow::FlowPacket frames = reassembler_.frames();
    if (outcome == flow::Reassembler::Outcome::Known) return counter.count_fragments(frames);
    const uint8_t layers = packet.outer_count;
    if (options_.outer_too && !outer_known) outer_ = packet;
    parse::decode_datagram(reassembler_.datagram(), reassembler_.datagram_len(), options_.decode,
                           packet);
    if (packet.verdict != parse::Verdict::Ip) return counter.count_undecodable(packet, frames);
    if (options_.outer_too && !outer_known && has_outer_ip(packet)) {
      outer_known = true;
      count_outer(frames, counter);
    }
    describe(packet, frames);
    // What came in pieces is as long as all of them; what lay inside of it was whole.
    if (packet.outer_count != layers) flow_.ip_len = packet.ip_len;
  }
  counter.count_fragments(flow_);
  reassembler_.settle(flow_);
}

void FragmentStage::expire(int64_t now_ns, FragmentCounter& counter) noexcept {
  if (reassembler_.is_idle()) return;
  while (reassembler_.release_expired(now_ns))
    counter.count_fragments(reassembler_.frames());
}

void FragmentStage::finish(FragmentCounter& counter) noexcept {
  while (reassembler_.release_any())
    counter.count_fragments(reassembler_.frames());
}

void FragmentStage::describe(const parse::Packet& packet, const flow::FlowPacket& frames) noexcept {
  const flow::PacketMeta meta{.ts_ns = frames.ts_ns,
                              .wire_len = frames.wire_len,
                              .source_id = frames.source_id,
                              .number = frames.number};
  flow::make_flow_packet(packet, meta, options_.key, options_.secret, flow_);
  flow_.first_ns = frames.first_ns;
  flow_.packets = frames.packets;
  flow_.ip_len = frames.ip_len;
  if (!flow::is_encapsulated(packet)) return;
  flow::copy_encapsulation(packet, around_);
  flow_.encapsulation = &around_;
}

void FragmentStage::count_outer(const flow::FlowPacket& frames, FragmentCounter& counter) noexcept {
  parse::DecodeOptions outer_options = options_.decode;
  outer_options.tunnels = parse::Tunnels::Outer;
  parse::decode_datagram(reassembler_.datagram(), reassembler_.datagram_len(), outer_options,
                         outer_);
  if (outer_.verdict != parse::Verdict::Ip) return;
  describe(outer_, frames);
  counter.count_outer(flow_);
}

}  // namespace pktana::engine
