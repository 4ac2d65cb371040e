// SPDX-License-Identifier: Apache-2.0
// The live flows of a shard as bytes, and back: how they outlive the process.
#include "base/state_bytes.h"
#include "flow/flow_shard.h"

namespace pktana::flow {
namespace {

constexpr bool is_kept(uint32_t encapsulation) noexcept {
  return encapsulation != EncapsulationTable::kNone && encapsulation != EncapsulationTable::kNoRoom;
}

void put_layers(base::StateWriter& out, const Encapsulation& around) {
  out.put(around.count);
  for (unsigned i = 0; i < around.count; ++i)
    out.put(around.layer[i]);
}

bool get_layers(base::StateReader& in, Encapsulation& around) noexcept {
  if (!in.get(around.count) || around.count > around.layer.size()) return false;
  for (unsigned i = 0; i < around.count; ++i)
    if (!in.get(around.layer[i])) return false;
  return true;
}

}  // namespace

void FlowShard::save(base::StateWriter& out) const {
  out.put(clock_.now_ns());
  out.put(store_.live());
  Encapsulation around;
  for (Slot slot = 0; slot < store_.high_water(); ++slot) {
    if (!store_.entry(slot).hot.live) continue;
    const ColdEntry& cold = store_.cold(slot);
    out.put(store_.entry(slot));
    out.put(cold);
    out.put(store_.ipv6(slot));
    quality_.save(store_.entry(slot), out);
    updates_.save(slot, out);
    around.count = 0;
    if (is_kept(cold.encapsulation)) options_.encapsulations->read(cold.encapsulation, around);
    put_layers(out, around);
  }
}

bool FlowShard::restore(base::StateReader& in, const RestoreChoice& choice) {
  int64_t now_ns = 0;
  uint32_t count = 0;
  if (!in.get(now_ns) || !in.get(count)) return false;
  if (now_ns > clock_.now_ns()) clock_.set(now_ns);
  time_ns_ = clock_.now_ns();
  for (uint32_t i = 0; i < count; ++i)
    if (!restore_flow(in, choice)) return false;
  return true;
}

bool FlowShard::restore_flow(base::StateReader& in, const RestoreChoice& choice) {
  FlowEntry entry;
  ColdEntry cold;
  Ipv6Addresses ipv6;
  if (!in.get(entry) || !in.get(cold) || !in.get(ipv6)) return false;
  if (store_.live() == store_.capacity()) make_room();
  const Slot slot = store_.allocate();
  store_.entry(slot) = entry;
  store_.cold(slot) = cold;
  store_.ipv6(slot) = ipv6;
  Encapsulation around;
  const bool whole = quality_.restore(store_.entry(slot), in) && updates_.restore(slot, in) &&
                     get_layers(in, around);
  // From now on the slot is one of a flow that goes on, or it is free again.
  const uint64_t hash = hash_of(slot);
  const bool wanted =
      whole && cold.source_id < choice.sources.size() &&
      (!choice.is_wanted || choice.is_wanted(record_of(slot, hash, EndReason::Idle)));
  if (!wanted) {
    quality_.release(store_.entry(slot));
    store_.release(slot);
    return whole;
  }
  adopt_restored(slot, hash, around, choice);
  return true;
}

void FlowShard::adopt_restored(Slot slot, uint64_t hash, const Encapsulation& around,
                               const RestoreChoice& choice) noexcept {
  HotEntry& hot = store_.entry(slot).hot;
  ColdEntry& cold = store_.cold(slot);
  if (key_of(view(slot)).ip_version() != 4) hot.address = hash;
  hot.hook_wants = false;  // what the hook knew of the flow is gone
  cold.source_id = choice.sources[cold.source_id];
  cold.encapsulation = EncapsulationTable::kNone;
  if (around.count > 0 && options_.encapsulations != nullptr)
    cold.encapsulation = options_.encapsulations->acquire(around, false);
  set_state(slot, state_of(hot.timeout_class));
  index_.insert(hash, slot);
  ++totals_.flows_restored;
  for (const Direction side : {kToServer, kToClient})
    totals_.packets_restored += hot.packets[side] + (uint64_t{cold.packets_high[side]} << 32);
}

}  // namespace pktana::flow
