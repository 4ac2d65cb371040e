// SPDX-License-Identifier: Apache-2.0
#include "app/pending.h"

#include <algorithm>

namespace pktana::app {

bool Pending::append(std::span<const uint8_t> more, size_t limit) {
  if (more.size() > limit - std::min(limit, bytes_.size())) return false;
  if (!budget_.try_take(more.size())) return false;
  bytes_.insert(bytes_.end(), more.begin(), more.end());
  return true;
}

void Pending::consume(size_t count) noexcept {
  count = std::min(count, bytes_.size());
  if (count == 0) return;
  budget_.give_back(count);
  if (count < bytes_.size()) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(count));
    return;
  }
  // Empty is the state of nearly all flows nearly always: no memory is kept for it.
  std::vector<uint8_t>().swap(bytes_);
}

}  // namespace pktana::app
