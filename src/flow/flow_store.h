// SPDX-License-Identifier: Apache-2.0
// The memory of a shard's flows: pages of entries and tails, IPv6 addresses by slot, the pools of
// blocks beside them, a free list, and a bitmap of the expendable flows (no reply seen, or ended)
// so that they can be evicted first. All memory is reserved at start and touched as flows come.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "base/mapping.h"
#include "base/prefetch.h"
#include "base/result.h"
#include "flow/flow_ref.h"

namespace pktana::flow {

class FlowStore {
 public:
  [[nodiscard]] static base::Result<FlowStore> create(uint32_t max_flows);

  [[nodiscard]] FlowEntry& entry(Slot slot) noexcept {
    return page_of(slot).entry[slot % kFlowsPerPage];
  }
  [[nodiscard]] const FlowEntry& entry(Slot slot) const noexcept {
    return page_of(slot).entry[slot % kFlowsPerPage];
  }
  [[nodiscard]] TailEntry& tail(Slot slot) noexcept {
    return page_of(slot).tail[slot % kFlowsPerPage];
  }
  [[nodiscard]] const TailEntry& tail(Slot slot) const noexcept {
    return page_of(slot).tail[slot % kFlowsPerPage];
  }
  [[nodiscard]] Ipv6Addresses& ipv6(Slot slot) noexcept {
    return static_cast<Ipv6Addresses*>(ipv6_.data())[slot];
  }
  [[nodiscard]] const Ipv6Addresses& ipv6(Slot slot) const noexcept {
    return static_cast<const Ipv6Addresses*>(ipv6_.data())[slot];
  }

  [[nodiscard]] FlowRef flow(Slot slot) noexcept {
    return {entry(slot).hot, entry(slot).tcp, tail(slot), ipv6(slot), pools_};
  }
  [[nodiscard]] FlowView flow(Slot slot) const noexcept {
    return {entry(slot).hot, entry(slot).tcp, tail(slot), ipv6(slot), pools_};
  }

  void prefetch(Slot slot) const noexcept {
    base::prefetch_for_write(&entry(slot).hot);
    base::prefetch_for_write(&entry(slot).tcp);
  }

  // PERF NOTE: a hit compares the whole key: 153 -> 130 ns a packet at 1 M flows, 130 -> 108 at
  // 100,000 (bench/flow, hit/ipv6).
  void prefetch_ipv6(Slot slot) const noexcept { base::prefetch_for_read(&ipv6(slot)); }
  /// What a TCP connection's first segments write.
  void prefetch_tail(Slot slot) const noexcept {
    base::prefetch_for_write(&tail(slot).first_ns);
    base::prefetch_for_write(&tail(slot).opening);
  }
  /// Of a flow whose entry has come: its block, if it has one.
  void prefetch_long_block(Slot slot) const noexcept {
    const BlockHandle spill = entry(slot).hot.spill;
    if (spill != kNoBlock) base::prefetch_for_write(&pools_.longs.at(spill));
  }

  /// Entry and tail; a slot beyond the end is none.
  void prefetch_all(Slot slot) const noexcept {
    if (slot >= max_flows_) return;
    prefetch(slot);
    prefetch_tail(slot);
  }

  /// A slot with all its entries zeroed and hot.live set; kNoSlot when max_flows are live. The flow
  /// starts expendable.
  [[nodiscard]] Slot allocate() noexcept;
  /// Its blocks go back, too.
  void release(Slot slot) noexcept;

  /// Whether the flow is among the first to be evicted.
  void set_expendable(Slot slot, bool expendable) noexcept;

  /// False for a slot beyond the end.
  [[nodiscard]] bool is_expendable(Slot slot) const noexcept {
    return slot < max_flows_ && (expendable_[slot / 64] >> (slot % 64) & 1) != 0;
  }

  /// An expendable flow, round robin over the store, which is oldest first but for slots used
  /// again; kNoSlot if there is none.
  [[nodiscard]] Slot next_expendable() noexcept;

  [[nodiscard]] uint32_t live() const noexcept { return live_; }
  [[nodiscard]] uint32_t expendable() const noexcept { return expendable_count_; }
  [[nodiscard]] uint32_t capacity() const noexcept { return max_flows_; }
  /// Slots from here on have never been used: a sweep ends here.
  [[nodiscard]] uint32_t high_water() const noexcept { return high_water_; }

 private:
  explicit FlowStore(SpillPools pools) noexcept : pools_(std::move(pools)) {}

  // PERF NOTE: entry and tail of a flow lie on one page, so that the second is found with the
  // first one's translation. A host that backs its guests by small pages makes that count: 2 to 5 %
  // of a run.
  static constexpr uint32_t kFlowsPerPage = 23;
  struct alignas(4096) Page {
    std::array<FlowEntry, kFlowsPerPage> entry;
    std::array<TailEntry, kFlowsPerPage> tail;
  };
  static_assert(sizeof(Page) == 4096);

  [[nodiscard]] Page& page_of(Slot slot) const noexcept {
    return static_cast<Page*>(pages_.data())[slot / kFlowsPerPage];
  }

  uint32_t max_flows_ = 0;
  uint32_t live_ = 0;
  uint32_t high_water_ = 0;
  uint32_t expendable_count_ = 0;
  Slot eviction_cursor_ = 0;  ///< where next_expendable() goes on
  Slot free_head_ = kNoSlot;  ///< free slots are chained through HotEntry::payload_bytes[0]
  base::Mapping pages_;
  base::Mapping ipv6_;
  SpillPools pools_;
  std::vector<uint64_t> expendable_;
};

}  // namespace pktana::flow
