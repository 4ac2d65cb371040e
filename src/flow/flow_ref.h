// SPDX-License-Identifier: Apache-2.0
// The parts of one live flow put together: FlowView reads it, FlowRef changes it. Both borrow from
// the store until the flow ends, and cost nothing to make. A write that a flow's own entries have
// no room for takes a block of flow_spill.h, of which there is one for each flow.
#pragma once

#include <cstdint>

#include "flow/flow_entry.h"
#include "flow/flow_spill.h"

namespace pktana::flow {

/// Ids as FlowKey::domain holds them, each + 1.
[[nodiscard]] constexpr uint16_t vlan_of_domain(uint64_t domain, unsigned place) noexcept {
  return static_cast<uint16_t>((domain >> (16 * place)) - 1);
}
/// So many VLAN ids a key tells.
inline constexpr unsigned kKeyVlans = 2;

struct FlowView {
  const HotEntry& hot;
  const TcpEntry& tcp;
  const TailEntry& tail;
  const Ipv6Addresses& ipv6;
  const SpillPools& pools;

  /// Null: the flow has none.
  [[nodiscard]] const LongBlock* long_block() const noexcept {
    return hot.spill == kNoBlock ? nullptr : &pools.longs.at(hot.spill);
  }
  [[nodiscard]] const OddBlock* odd() const noexcept {
    const LongBlock* const block = long_block();
    return block == nullptr || block->odd == kNoBlock ? nullptr : &pools.odd.at(block->odd);
  }

  [[nodiscard]] uint64_t packets(Direction side) const noexcept {
    const LongBlock* const block = long_block();
    const uint64_t high = block == nullptr ? 0 : block->packets_high[side];
    return high << 16 | hot.packets[side];
  }
  [[nodiscard]] uint64_t payload_bytes(Direction side) const noexcept {
    const LongBlock* const block = long_block();
    const uint64_t high = block == nullptr ? 0 : block->payload_high[side];
    return high << 32 | hot.payload_bytes[side];
  }
  [[nodiscard]] uint64_t ip_bytes(Direction side) const noexcept {
    const LongBlock* const block = long_block();
    const int64_t high = block == nullptr ? 0 : block->header_high[side];
    return payload_bytes(side) + static_cast<uint64_t>(high * 65536 + hot.header_bytes[side]);
  }
  [[nodiscard]] uint64_t wire_bytes(Direction side) const noexcept {
    const LongBlock* const block = long_block();
    const int64_t high = block == nullptr ? 0 : block->link_high[side];
    return ip_bytes(side) + static_cast<uint64_t>(high * 65536 + hot.link_bytes[side]);
  }

  [[nodiscard]] History history() const noexcept {
    const OddBlock* const block = odd();
    return PackedHistory::letters(tail.history, block == nullptr ? 0 : block->history);
  }
  [[nodiscard]] uint32_t continuation() const noexcept {
    const OddBlock* const block = odd();
    return block == nullptr ? 0 : block->continuation;
  }
  [[nodiscard]] uint16_t instance() const noexcept {
    const OddBlock* const block = odd();
    return block == nullptr ? uint16_t{0} : block->instance;
  }
  /// First packet of the whole flow, over all its parts: the flow id is made of it.
  [[nodiscard]] int64_t id_ns() const noexcept {
    const OddBlock* const block = odd();
    return block == nullptr || !block->id_apart ? tail.first_ns : block->id_ns;
  }
  [[nodiscard]] uint32_t encapsulation() const noexcept {
    const LongBlock* const block = long_block();
    return block == nullptr ? 0 : block->encapsulation;
  }
  [[nodiscard]] std::array<uint16_t, kMaxRecordVlans> vlan_ids() const noexcept {
    const OddBlock* const block = odd();
    if (block != nullptr && block->vlan_apart) return block->vlan_id;
    std::array<uint16_t, kMaxRecordVlans> ids{};
    for (unsigned i = 0; i < hot.vlan_count && i < kKeyVlans; ++i)
      ids[i] = vlan_of_domain(hot.domain, i);
    return ids;
  }
};

struct FlowRef {
  HotEntry& hot;
  TcpEntry& tcp;
  TailEntry& tail;
  Ipv6Addresses& ipv6;
  SpillPools& pools;

  // NOLINTNEXTLINE(google-explicit-constructor): reading is part of changing.
  operator FlowView() const noexcept { return {hot, tcp, tail, ipv6, pools}; }
  [[nodiscard]] FlowView view() const noexcept { return *this; }

  /// Taken if there is none yet.
  [[nodiscard]] LongBlock& long_block() const noexcept {
    if (hot.spill == kNoBlock) hot.spill = pools.longs.take();
    return pools.longs.at(hot.spill);
  }
  [[nodiscard]] LongBlock* long_block_if_any() const noexcept {
    return hot.spill == kNoBlock ? nullptr : &pools.longs.at(hot.spill);
  }
  [[nodiscard]] OddBlock& odd() const noexcept {
    LongBlock& block = long_block();
    if (block.odd == kNoBlock) block.odd = pools.odd.take();
    return pools.odd.at(block.odd);
  }
  [[nodiscard]] OddBlock* odd_if_any() const noexcept {
    LongBlock* const block = long_block_if_any();
    return block == nullptr || block->odd == kNoBlock ? nullptr : &pools.odd.at(block->odd);
  }

  /// Bytes of IP packets beside the payload, and of frames beside the IP packet: negative where a
  /// length field lies.
  struct Around {
    int64_t header;
    int64_t link;
  };
  /// Counts frames of one side.
  void count(Direction side, uint32_t packets, uint32_t payload_bytes,
             Around around) const noexcept {
    const uint32_t packet_sum = hot.packets[side] + packets;
    const uint64_t payload_sum = uint64_t{hot.payload_bytes[side]} + payload_bytes;
    const int64_t header_sum = hot.header_bytes[side] + around.header;
    const int64_t link_sum = hot.link_bytes[side] + around.link;
    hot.packets[side] = static_cast<uint16_t>(packet_sum);
    hot.payload_bytes[side] = static_cast<uint32_t>(payload_sum);
    hot.header_bytes[side] = static_cast<uint16_t>(header_sum);
    hot.link_bytes[side] = static_cast<uint16_t>(link_sum);
    const uint64_t carries = (packet_sum | static_cast<uint64_t>(header_sum | link_sum)) >> 16;
    if ((carries | payload_sum >> 32) == 0) [[likely]]
      return;
    LongBlock& high = long_block();
    high.packets_high[side] += packet_sum >> 16;
    high.payload_high[side] = static_cast<uint16_t>(high.payload_high[side] + (payload_sum >> 32));
    high.header_high[side] += static_cast<int32_t>(header_sum >> 16);
    high.link_high[side] += static_cast<int32_t>(link_sum >> 16);
  }

  /// Nothing happens once kMaxHistory letters are there.
  void add_letter(HistoryEvent event, Direction side) const noexcept {
    if (!PackedHistory::is_full(tail.history)) [[likely]] {
      tail.history = PackedHistory::with(tail.history, event, side);
      return;
    }
    uint64_t& second = odd().history;
    if (!PackedHistory::is_full(second)) second = PackedHistory::with(second, event, side);
  }

  /// The record's beginning moves, the flow's id does not.
  void set_first_ns(int64_t first_ns) const noexcept {
    if (first_ns == tail.first_ns) return;
    OddBlock& block = odd();
    if (!block.id_apart) block.id_ns = tail.first_ns;
    block.id_apart = true;
    tail.first_ns = first_ns;
  }

  /// After domain: what the key tells is not kept again.
  void set_vlan_ids(const std::array<uint16_t, kMaxRecordVlans>& ids,
                    uint8_t count) const noexcept {
    hot.vlan_count = count & 3;
    if (count == 0) [[likely]]
      return;
    if (view().vlan_ids() == ids) return;
    OddBlock& block = odd();
    block.vlan_id = ids;
    block.vlan_apart = true;
  }

  /// Counters and history of a part of the flow that begins now.
  void restart_counters() const noexcept;
  /// The flow ends: its blocks go back.
  void release_blocks() const noexcept;
};

}  // namespace pktana::flow
