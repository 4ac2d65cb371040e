// SPDX-License-Identifier: Apache-2.0
// Hash index of a shard: from a key's hash to the slots that may hold it, at 8 bytes a flow.
// Buckets of one cache line with twelve tags of ten bits, linear probing over buckets. It knows no
// keys: the caller compares them.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/mapping.h"
#include "base/prefetch.h"
#include "base/result.h"
#include "flow/flow_entry.h"

namespace pktana::flow {

class FlowIndex {
 public:
  static constexpr unsigned kSlotBits = 30;  ///< slots are below 2^30

  /// Room for `max_flows` entries at a load of 2/3.
  [[nodiscard]] static base::Result<FlowIndex> create(uint32_t max_flows);

  void prefetch(uint64_t hash) const noexcept { base::prefetch_for_read(&bucket(home(hash))); }

  /// A slot whose tag matches in the home bucket, or kNoSlot: a hint of what to prefetch next.
  [[nodiscard]] Slot guess(uint64_t hash) const noexcept {
    const Slot wanted = tag_of(hash).above_slot;
    const Bucket& here = bucket(home(hash));
    for (uint32_t hits = match(here, tag_of(hash).byte); hits != 0; hits &= hits - 1) {
      const Slot slot = here.tagged_slot[static_cast<unsigned>(__builtin_ctz(hits))] ^ wanted;
      if (slot <= kSlotMask) return slot;
    }
    return kNoSlot;
  }

  /// First slot for which `same(slot)` holds among those with the hash's tag, or kNoSlot.
  template <typename Same>
  [[nodiscard]] Slot find(uint64_t hash, Same&& same) const noexcept {
    const Tag tag = tag_of(hash);
    uint32_t at = home(hash);
    for (uint32_t probe = 0; probe < bucket_count_; ++probe) {
      const Bucket& here = bucket(at);
      for (uint32_t hits = match(here, tag.byte); hits != 0; hits &= hits - 1) {
        const Slot slot =
            here.tagged_slot[static_cast<unsigned>(__builtin_ctz(hits))] ^ tag.above_slot;
        if (slot <= kSlotMask && same(slot)) return slot;
      }
      if (here.overflow == 0) return kNoSlot;
      at = next(at);
    }
    return kNoSlot;
  }

  /// The caller has made sure that the key is not there yet and that there are less than max_flows
  /// entries.
  void insert(uint64_t hash, Slot slot) noexcept;

  /// Removes an entry that is there.
  void erase(uint64_t hash, Slot slot) noexcept;

  [[nodiscard]] size_t size_bytes() const noexcept { return memory_.size(); }

 private:
  static constexpr unsigned kSlotsPerBucket = 12;
  static constexpr Slot kSlotMask = (Slot{1} << kSlotBits) - 1;

  /// Tag byte 0 = empty. `overflow` counts the entries that probed past this bucket, so that a
  /// look-up knows where to stop and an erase needs no tombstone.
  struct alignas(64) Bucket {
    std::array<uint8_t, kSlotsPerBucket> tag;
    uint32_t overflow;  ///< here: match() loads 16 bytes at once
    std::array<Slot, kSlotsPerBucket> tagged_slot;
  };
  static_assert(sizeof(Bucket) == 64);

  /// Ten bits of the hash: a byte to find entries by, and two bits that stand above an entry's
  /// slot.
  struct Tag {
    uint8_t byte;
    Slot above_slot;
  };

  FlowIndex(base::Mapping memory, uint32_t bucket_count) noexcept
      : memory_(std::move(memory)), bucket_count_(bucket_count) {}

  [[nodiscard]] static Tag tag_of(uint64_t hash) noexcept {
    const auto byte = static_cast<uint8_t>(hash);
    return {.byte = byte == 0 ? uint8_t{1} : byte,
            .above_slot = static_cast<Slot>(hash >> 8) << kSlotBits};
  }
  /// The hash's upper half scaled to the number of buckets.
  [[nodiscard]] uint32_t home(uint64_t hash) const noexcept {
    return static_cast<uint32_t>(((hash >> 32) * bucket_count_) >> 32);
  }
  [[nodiscard]] uint32_t next(uint32_t at) const noexcept {
    return at + 1 == bucket_count_ ? 0 : at + 1;
  }
  [[nodiscard]] Bucket& bucket(uint32_t at) const noexcept {
    return static_cast<Bucket*>(memory_.data())[at];
  }
  /// Bit i is set when tag byte i equals `byte`.
  [[nodiscard]] static uint32_t match(const Bucket& in, uint8_t byte) noexcept {
#if defined(__SSE2__)
    constexpr uint32_t kTags = (1U << kSlotsPerBucket) - 1;
    const __m128i tags = _mm_load_si128(reinterpret_cast<const __m128i*>(&in));
    const __m128i equal = _mm_cmpeq_epi8(tags, _mm_set1_epi8(static_cast<char>(byte)));
    return static_cast<uint32_t>(_mm_movemask_epi8(equal)) & kTags;
#else
    uint32_t mask = 0;
    for (unsigned i = 0; i < kSlotsPerBucket; ++i)
      mask |= uint32_t{in.tag[i] == byte} << i;
    return mask;
#endif
  }

  base::Mapping memory_;
  uint32_t bucket_count_ = 0;
};

}  // namespace pktana::flow
