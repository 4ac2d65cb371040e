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

void put_flow(base::StateWriter& out, const FlowView& flow) {
  out.put(flow.hot);
  out.put(flow.tcp);
  out.put(flow.tail);
  out.put(flow.ipv6);
  const LongBlock* const block = flow.long_block();
  if (block == nullptr) return;
  out.put(*block);
  if (block->odd != kNoBlock) out.put(*flow.odd());
}

/// Into blank memory: blocks are taken anew.
bool get_flow(base::StateReader& in, const FlowRef& flow) noexcept {
  LongBlock block;
  OddBlock odd;
  const bool whole = in.get(flow.hot) && in.get(flow.tcp) && in.get(flow.tail) && in.get(flow.ipv6);
  const bool had_block = whole && flow.hot.spill != kNoBlock;
  flow.hot.spill = kNoBlock;
  flow.hot.live = true;
  if (!had_block) return whole;
  if (!in.get(block)) return false;
  const bool had_odd = block.odd != kNoBlock;
  block.odd = kNoBlock;
  flow.long_block() = block;
  if (!had_odd) return true;
  if (!in.get(odd)) return false;
  flow.odd() = odd;
  return true;
}

}  // namespace

void FlowShard::save(base::StateWriter& out) const {
  out.put(clock_.now_ns());
  out.put(store_.live());
  Encapsulation around;
  for (Slot slot = 0; slot < store_.high_water(); ++slot) {
    if (!store_.entry(slot).hot.live) continue;
    const FlowView flow = view(slot);
    put_flow(out, flow);
    quality_.save(flow, out);
    updates_.save(slot, out);
    around.count = 0;
    if (is_kept(flow.encapsulation())) options_.encapsulations->read(flow.encapsulation(), around);
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
  if (store_.live() == store_.capacity()) make_room();
  const Slot slot = store_.allocate();
  const FlowRef flow = store_.flow(slot);
  Encapsulation around;
  const bool whole = get_flow(in, flow) && quality_.restore(flow, in) &&
                     updates_.restore(slot, in) && get_layers(in, around);
  // From now on the slot is one of a flow that goes on, or it is free again.
  const uint64_t hash = hash_of(slot);
  const bool wanted =
      whole && flow.hot.source_id < choice.sources.size() &&
      (!choice.is_wanted || choice.is_wanted(record_of(slot, hash, EndReason::Idle)));
  if (!wanted) {
    quality_.release(flow);
    store_.release(slot);
    return whole;
  }
  adopt_restored(slot, hash, around, choice);
  return true;
}

void FlowShard::adopt_restored(Slot slot, uint64_t hash, const Encapsulation& around,
                               const RestoreChoice& choice) noexcept {
  const FlowRef flow = store_.flow(slot);
  HotEntry& hot = flow.hot;
  if (key_of(flow).ip_version() != 4) hot.address = hash;
  hot.hook_wants = false;  // what the hook knew of the flow is gone
  hot.source_id = choice.sources[hot.source_id];
  if (LongBlock* const block = flow.long_block_if_any(); block != nullptr)
    block->encapsulation = EncapsulationTable::kNone;
  if (around.count > 0 && options_.encapsulations != nullptr)
    flow.long_block().encapsulation = options_.encapsulations->acquire(around, false);
  set_state(slot, state_of(hot.timeout_class));
  index_.insert(hash, slot);
  ++totals_.flows_restored;
  for (const Direction side : {kToServer, kToClient})
    totals_.packets_restored += flow.view().packets(side);
}

}  // namespace pktana::flow
