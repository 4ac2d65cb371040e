// SPDX-License-Identifier: Apache-2.0
// Hash index of a shard: from a key's hash to the slots that may hold it. Buckets of one cache line
// with eight 16-bit tags, linear probing over buckets. It knows no keys: the caller compares them.
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
  /// Room for `max_flows` entries at a load of 5/8.
  [[nodiscard]] static base::Result<FlowIndex> create(uint32_t max_flows);

  void prefetch(uint64_t hash) const noexcept { base::prefetch_for_read(&bucket(home(hash))); }

  /// A slot whose tag matches in the home bucket, or kNoSlot: a hint of what to prefetch next.
  [[nodiscard]] Slot guess(uint64_t hash) const noexcept;

  /// First slot for which `same(slot)` holds among those with the hash's tag, or kNoSlot.
  template <typename Same>
  [[nodiscard]] Slot find(uint64_t hash, Same&& same) const noexcept {
    const uint16_t tag = tag_of(hash);
    uint32_t at = home(hash);
    for (uint32_t probe = 0; probe < bucket_count_; ++probe) {
      const Bucket& here = bucket(at);
      for (uint32_t hits = match(here, tag); hits != 0; hits &= hits - 1) {
        const Slot slot = here.slot[static_cast<unsigned>(__builtin_ctz(hits)) / kMaskBitsPerTag];
        if (same(slot)) return slot;
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
  static constexpr unsigned kSlotsPerBucket = 8;
  static constexpr unsigned kMaskBitsPerTag = 2;

  /// tag 0 = empty. `overflow` counts the entries that probed past this bucket, so that a look-up
  /// knows where to stop and an erase needs no tombstone.
  struct alignas(64) Bucket {
    std::array<uint16_t, kSlotsPerBucket> tag;
    std::array<Slot, kSlotsPerBucket> slot;
    uint32_t overflow;
  };
  static_assert(sizeof(Bucket) == 64);

  FlowIndex(base::Mapping memory, uint32_t bucket_count) noexcept
      : memory_(std::move(memory)), bucket_count_(bucket_count) {}

  [[nodiscard]] static uint16_t tag_of(uint64_t hash) noexcept {
    const auto tag = static_cast<uint16_t>(hash);
    return tag == 0 ? uint16_t{1} : tag;
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
  /// Bit kMaskBitsPerTag * i is set when tag i equals `tag`.
  [[nodiscard]] static uint32_t match(const Bucket& in, uint16_t tag) noexcept {
#if defined(__SSE2__)
    const __m128i tags = _mm_load_si128(reinterpret_cast<const __m128i*>(in.tag.data()));
    const __m128i equal = _mm_cmpeq_epi16(tags, _mm_set1_epi16(static_cast<int16_t>(tag)));
    return static_cast<uint32_t>(_mm_movemask_epi8(equal)) & 0x5555U;
#else
    uint32_t mask = 0;
    for (unsigned i = 0; i < kSlotsPerBucket; ++i)
      mask |= uint32_t{in.tag[i] == tag} << (kMaskBitsPerTag * i);
    return mask;
#endif
  }

  base::Mapping memory_;
  uint32_t bucket_count_ = 0;
};

}  // namespace pktana::flow
