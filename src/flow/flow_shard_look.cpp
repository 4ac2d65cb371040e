// SPDX-License-Identifier: Apache-2.0
// The part of the shard that tells others of single flows while they live.
#include "flow/flow_shard.h"
#include "flow/record_builder.h"

namespace pktana::flow {

FlowTag FlowShard::tag_of(const FlowPacket& packet) const noexcept {
  const Slot slot = find(packet);
  if (slot == kNoSlot) return {};
  const FlowView flow = view(slot);
  return {.flow_id = flow_id_of(packet.hash, flow), .continuation = flow.continuation()};
}

std::optional<FlowRecord> FlowShard::live_record(const FlowKey& key, uint64_t hash) const noexcept {
  const Slot slot = find_key(key, hash);
  if (slot == kNoSlot) return std::nullopt;
  return record_of(slot, hash, EndReason::Active);
}

void FlowShard::describe_live(const FlowKey& key, FlowRecord& record) const noexcept {
  const Slot slot = find_key(key, record.key_hash);
  if (slot != kNoSlot) describe(slot, record);
}

}  // namespace pktana::flow
