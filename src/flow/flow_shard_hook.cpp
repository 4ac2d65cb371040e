// SPDX-License-Identifier: Apache-2.0
// The part of the shard that speaks with the payload hook.
#include <array>
#include <optional>

#include "flow/flow_shard.h"
#include "flow/icmp_pairs.h"
#include "flow/record_builder.h"

namespace pktana::flow {

class FlowShard::Hooked final : public HookedFlow {
 public:
  Hooked(FlowShard& shard, Slot slot, uint64_t hash) noexcept
      : shard_(shard), slot_(slot), hash_(hash) {}

  [[nodiscard]] FlowRecord record() const noexcept override {
    return build_record(shard_.view(slot_), hash_, EndReason::Active);
  }
  [[nodiscard]] std::optional<uint32_t> first_sequence(
      Direction direction) const noexcept override {
    const FlowView flow = shard_.view(slot_);
    if ((flow.tcp.side[direction].flags & kIsnKnown) == 0) return std::nullopt;
    return flow.tail.isn[direction] + 1;  // the SYN takes one
  }
  void emit(const AppEvent* event, int64_t ts_ns) noexcept override {
    shard_.emit_event(slot_, hash_, event, ts_ns);
  }

 private:
  FlowShard& shard_;
  const Slot slot_;
  const uint64_t hash_;
};

bool FlowShard::is_hooked(const HotEntry& hot) const noexcept {
  if (options_.hook == nullptr) return false;
  const auto protocol = static_cast<uint8_t>(hot.ports >> 32);
  return protocol == kProtocolTcp || protocol == kProtocolUdp;
}

void FlowShard::prefetch_hooked(std::span<const FlowPacket> packets) const noexcept {
  if (options_.hook == nullptr) return;
  std::array<Slot, 64> wanted;
  size_t count = 0;
  for (const FlowPacket& packet : packets) {
    if (packet.near == kNoSlot || !store_.entry(packet.near).hot.hook_wants) continue;
    wanted[count++] = packet.near;
    if (count == wanted.size()) break;
  }
  if (count > 0) options_.hook->prefetch(std::span(wanted).first(count));
}

void FlowShard::show_to_hook(Slot slot, const FlowPacket& packet, Direction side) noexcept {
  Hooked flow(*this, slot, packet.hash);
  bool wants = false;
  if (packet.fragment) [[unlikely]] {
    FlowPacket without = packet;
    without.payload = {};
    wants = options_.hook->on_packet(slot, without, side, flow);
  } else {
    wants = options_.hook->on_packet(slot, packet, side, flow);
  }
  store_.entry(slot).hot.hook_wants = wants;
}

void FlowShard::end_for_hook(Slot slot, uint64_t hash) noexcept {
  // By the flow's own time: when a sweep finds it depends on who else is in the table.
  Hooked flow(*this, slot, hash);
  options_.hook->on_end(slot, store_.entry(slot).hot.last_ns, flow);
}

void FlowShard::describe(Slot slot, FlowRecord& record) const noexcept {
  if (is_hooked(store_.entry(slot).hot)) options_.hook->describe(slot, record);
}

void FlowShard::emit_event(Slot slot, uint64_t hash, const AppEvent* event,
                           int64_t ts_ns) noexcept {
  FlowRecord record = build_record(view(slot), hash, EndReason::Active);
  describe(slot, record);
  record.event = event;
  record.event_number = ++totals_.events;
  record.end_ns = ts_ns;
  push(record);
}

}  // namespace pktana::flow
