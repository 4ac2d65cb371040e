// SPDX-License-Identifier: Apache-2.0
#include "flow/update_states.h"

#include "flow/packet_clock.h"

namespace pktana::flow {

base::Result<UpdateStates> UpdateStates::create(uint32_t max_flows, int64_t interval_ns) {
  UpdateStates states;
  if (interval_ns <= 0) return states;
  auto memory = base::Mapping::anonymous(size_t{max_flows} * sizeof(State));
  if (!memory) return base::Unexpected(memory.error());
  states.memory_ = std::move(*memory);
  states.interval_ns_ = interval_ns;
  return states;
}

FlowUpdate UpdateStates::take(Slot slot, const FlowRecord& record, int64_t now_ns) noexcept {
  State& state = this->state(slot);
  const uint64_t late = PacketClock::elapsed(state.next_ns, now_ns);
  const auto interval = static_cast<uint64_t>(interval_ns_);
  state.next_ns = later(state.next_ns, (late / interval + 1) * interval);
  FlowUpdate update;
  for (const Direction side : {kToServer, kToClient}) {
    update.packets[side] = record.totals[side].packets - state.packets[side];
    update.bytes[side] = record.totals[side].bytes - state.bytes[side];
  }
  if (update.packets[kToServer] + update.packets[kToClient] == 0) return {};
  update.index = ++state.index;
  for (const Direction side : {kToServer, kToClient}) {
    state.packets[side] = record.totals[side].packets;
    state.bytes[side] = record.totals[side].bytes;
  }
  return update;
}

void UpdateStates::save(Slot slot, base::StateWriter& out) const {
  out.put(wanted() ? state(slot) : State{});
}

bool UpdateStates::restore(Slot slot, base::StateReader& in) noexcept {
  State saved;
  if (!in.get(saved)) return false;
  if (wanted()) state(slot) = saved;
  return true;
}

}  // namespace pktana::flow
