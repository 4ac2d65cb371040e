// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_store.h"

#include <cassert>
#include <cstring>

namespace pktana::flow {
namespace {
constexpr uint32_t kBitsPerWord = 64;
constexpr uint64_t bit_of(Slot slot) noexcept { return uint64_t{1} << (slot % kBitsPerWord); }
}  // namespace

base::Result<FlowStore> FlowStore::create(uint32_t max_flows) {
  const size_t pages = (size_t{max_flows} + kFlowsPerPage - 1) / kFlowsPerPage;
  auto memory = base::Mapping::anonymous(pages * sizeof(Page));
  if (!memory) return base::Unexpected(memory.error());
  auto ipv6 = base::Mapping::anonymous(size_t{max_flows} * sizeof(Ipv6Addresses));
  if (!ipv6) return base::Unexpected(ipv6.error());
  auto pools = SpillPools::create(max_flows);
  if (!pools) return base::Unexpected(pools.error());
  FlowStore store(std::move(*pools));
  store.max_flows_ = max_flows;
  store.pages_ = std::move(*memory);
  store.ipv6_ = std::move(*ipv6);
  store.expendable_.assign((max_flows + kBitsPerWord - 1) / kBitsPerWord, 0);
  return store;
}

Slot FlowStore::allocate() noexcept {
  Slot slot = free_head_;
  if (slot != kNoSlot) {
    free_head_ = entry(slot).hot.payload_bytes[0];
    std::memset(static_cast<void*>(&entry(slot)), 0, sizeof(FlowEntry));
    std::memset(static_cast<void*>(&tail(slot)), 0, sizeof(TailEntry));
  } else if (high_water_ < max_flows_) {
    slot = high_water_++;  // fresh memory is zero
  } else {
    return kNoSlot;
  }
  entry(slot).hot.live = true;
  set_expendable(slot, true);
  ++live_;
  return slot;
}

void FlowStore::release(Slot slot) noexcept {
  assert(entry(slot).hot.live);
  set_expendable(slot, false);
  flow(slot).release_blocks();
  entry(slot).hot.live = false;
  entry(slot).hot.payload_bytes[0] = free_head_;
  free_head_ = slot;
  --live_;
}

void FlowStore::set_expendable(Slot slot, bool expendable) noexcept {
  uint64_t& word = expendable_[slot / kBitsPerWord];
  const bool was = (word & bit_of(slot)) != 0;
  if (was == expendable) return;
  word ^= bit_of(slot);
  expendable_count_ += expendable ? 1U : ~0U;
}

Slot FlowStore::next_expendable() noexcept {
  if (expendable_count_ == 0) return kNoSlot;
  const auto words = static_cast<uint32_t>(expendable_.size());
  uint32_t at = eviction_cursor_ / kBitsPerWord;
  uint64_t word = expendable_[at] & (~uint64_t{0} << (eviction_cursor_ % kBitsPerWord));
  while (word == 0) {
    at = at + 1 == words ? 0 : at + 1;
    word = expendable_[at];
  }
  const Slot slot = at * kBitsPerWord + static_cast<uint32_t>(__builtin_ctzll(word));
  eviction_cursor_ = slot + 1 == words * kBitsPerWord ? 0 : slot + 1;
  return slot;
}

}  // namespace pktana::flow
