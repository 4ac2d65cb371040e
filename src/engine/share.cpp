// SPDX-License-Identifier: Apache-2.0
#include "engine/share.h"

#include <algorithm>

#include "engine/packet_frame.h"
#include "flow/packet_clock.h"
#include "flow/plain_flow_packet.h"

namespace pktana::engine {

using flow::PacketClock;

bool Share::is_plainly_anothers(const ring::PacketRef& ref) const noexcept {
  parse::PlainPacket packet;
  if (!parse::read_plain(frame_of(ref), options_.decode, packet)) return false;
  const flow::FlowKey key = flow::make_key(packet).key;
  return !has(key, flow::hash_key(options_.secret, key));
}

Share::Pick Share::pick(std::span<const ring::PacketRef> packets, int64_t now_ns) noexcept {
  int64_t last_ns = packets.front().ts_ns;
  if (now_ns == PacketClock::kNoTime ||
      PacketClock::elapsed(last_ns, now_ns) > uint64_t{PacketClock::kMaxLatenessNs})
    return {.own = packets.first(1), .taken = 1};
  size_t taken = 0;
  size_t own = 0;
  for (const size_t end = std::min(packets.size(), own_.size()); taken < end; ++taken) {
    const int64_t ts_ns = packets[taken].ts_ns;
    const bool leaps = PacketClock::elapsed(now_ns, ts_ns) > uint64_t{PacketClock::kMaxLeapNs};
    if (ts_ns < last_ns || leaps) break;
    last_ns = ts_ns;
    own_[own] = packets[taken];
    own += !is_plainly_anothers(packets[taken]);
  }
  if (taken == 0) return {.own = packets.first(1), .taken = 1};
  return {.own = std::span(own_).first(own), .taken = taken};
}

}  // namespace pktana::engine
