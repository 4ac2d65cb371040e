// SPDX-License-Identifier: Apache-2.0
#include "flow/scan_candidates.h"

#include <algorithm>

namespace pktana::flow {

base::Result<ScanCandidates> ScanCandidates::create() {
  auto memory = base::Mapping::anonymous(size_t{kCandidates} * sizeof(ScanCandidate));
  if (!memory) return base::Unexpected(memory.error());
  return ScanCandidates(std::move(*memory));
}

ScanCandidate* ScanCandidates::find(uint64_t key) const noexcept {
  for (ScanCandidate& candidate : set_of(key))
    if (candidate.key == key) return &candidate;
  return nullptr;
}

ScanCandidate& ScanCandidates::place_for(uint64_t key) const noexcept {
  const auto set = set_of(key);
  return *std::min_element(set.begin(), set.end(),
                           [](const ScanCandidate& a, const ScanCandidate& b) {
                             if ((a.key == 0) != (b.key == 0)) return a.key == 0;
                             return a.sums.end_ns < b.sums.end_ns;
                           });
}

}  // namespace pktana::flow
