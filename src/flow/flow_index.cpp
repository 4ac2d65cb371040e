// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_index.h"

#include <algorithm>

namespace pktana::flow {
namespace {
/// Entries per bucket on average when the table is full: 5 of 8. One bucket in about thirty then
/// overflows into the next.
constexpr uint32_t kFullLoad = 5;
constexpr uint32_t kMinBuckets = 16;
}  // namespace

base::Result<FlowIndex> FlowIndex::create(uint32_t max_flows) {
  const uint32_t buckets = std::max(kMinBuckets, max_flows / kFullLoad + 1);
  auto memory = base::Mapping::anonymous(size_t{buckets} * sizeof(Bucket));
  if (!memory) return base::Unexpected(memory.error());
  return FlowIndex(std::move(*memory), buckets);
}

Slot FlowIndex::guess(uint64_t hash) const noexcept {
  const Bucket& here = bucket(home(hash));
  const uint32_t hits = match(here, tag_of(hash));
  if (hits == 0) return kNoSlot;
  return here.slot[static_cast<unsigned>(__builtin_ctz(hits)) / kMaskBitsPerTag];
}

void FlowIndex::insert(uint64_t hash, Slot slot) noexcept {
  uint32_t at = home(hash);
  uint32_t free = match(bucket(at), 0);
  while (free == 0) {
    ++bucket(at).overflow;
    at = next(at);
    free = match(bucket(at), 0);
  }
  const unsigned i = static_cast<unsigned>(__builtin_ctz(free)) / kMaskBitsPerTag;
  bucket(at).tag[i] = tag_of(hash);
  bucket(at).slot[i] = slot;
}

void FlowIndex::erase(uint64_t hash, Slot slot) noexcept {
  const uint16_t tag = tag_of(hash);
  for (uint32_t at = home(hash);; at = next(at)) {
    Bucket& here = bucket(at);
    for (uint32_t hits = match(here, tag); hits != 0; hits &= hits - 1) {
      const unsigned i = static_cast<unsigned>(__builtin_ctz(hits)) / kMaskBitsPerTag;
      if (here.slot[i] != slot) continue;
      here.tag[i] = 0;
      return;
    }
    --here.overflow;
  }
}

}  // namespace pktana::flow
