// SPDX-License-Identifier: Apache-2.0
#include "app/expectations.h"

#include <algorithm>

namespace pktana::app {

void Expectations::add(const ExpectedFlow& expected, const char* dissector, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() == kMaxExpected) entries_.pop_front();
  entries_.push_back({.flow = expected, .dissector = dissector, .since_ns = now_ns});
  count_.store(entries_.size(), std::memory_order_relaxed);
}

const char* Expectations::take(const ExpectedFlow& flow, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && now_ns - entries_.front().since_ns > kPatienceNs)
    entries_.pop_front();
  const char* dissector = nullptr;
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.flow == flow; });
  if (found != entries_.end()) {
    dissector = found->dissector;
    entries_.erase(found);
  }
  count_.store(entries_.size(), std::memory_order_relaxed);
  return dissector;
}

}  // namespace pktana::app
