// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_index.h"

#include <algorithm>

namespace pktana::flow {
namespace {
/// Entries per bucket on average when the table is full: 8 of 12. One bucket in thirteen has then
/// overflowed into the next, and a look-up reads 1.02 of them.
constexpr uint32_t kFullLoad = 8;
constexpr uint32_t kMinBuckets = 16;
}  // namespace

base::Result<FlowIndex> FlowIndex::create(uint32_t max_flows) {
  const uint32_t buckets = std::max(kMinBuckets, max_flows / kFullLoad + 1);
  auto memory = base::Mapping::anonymous(size_t{buckets} * sizeof(Bucket));
  if (!memory) return base::Unexpected(memory.error());
  return FlowIndex(std::move(*memory), buckets);
}

void FlowIndex::insert(uint64_t hash, Slot slot) noexcept {
  uint32_t at = home(hash);
  uint32_t free = match(bucket(at), 0);
  while (free == 0) {
    ++bucket(at).overflow;
    at = next(at);
    free = match(bucket(at), 0);
  }
  const auto i = static_cast<unsigned>(__builtin_ctz(free));
  bucket(at).tag[i] = tag_of(hash).byte;
  bucket(at).tagged_slot[i] = tag_of(hash).above_slot | slot;
}

void FlowIndex::erase(uint64_t hash, Slot slot) noexcept {
  const Tag tag = tag_of(hash);
  for (uint32_t at = home(hash);; at = next(at)) {
    Bucket& here = bucket(at);
    for (uint32_t hits = match(here, tag.byte); hits != 0; hits &= hits - 1) {
      const auto i = static_cast<unsigned>(__builtin_ctz(hits));
      if (here.tagged_slot[i] != (tag.above_slot | slot)) continue;
      here.tag[i] = 0;
      return;
    }
    --here.overflow;
  }
}

}  // namespace pktana::flow
