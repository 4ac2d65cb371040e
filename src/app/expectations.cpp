// SPDX-License-Identifier: Apache-2.0
#include "app/expectations.h"

#include <algorithm>
#include <utility>

namespace pktana::app {

void Expectations::add(const ExpectedFlow& expected, Announcement announcement, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  const auto before = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& entry) { return entry.flow == expected; });
  if (before != entries_.end()) entries_.erase(before);
  if (entries_.size() == kMaxExpected) entries_.pop_front();
  entries_.push_back(
      {.flow = expected, .announcement = std::move(announcement), .since_ns = now_ns});
  count_.store(entries_.size(), std::memory_order_relaxed);
}

Announcement Expectations::take(const ExpectedFlow& flow, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && now_ns - entries_.front().since_ns > kPatienceNs)
    entries_.pop_front();
  Announcement announcement;
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.flow == flow; });
  if (found != entries_.end()) {
    announcement = std::move(found->announcement);
    entries_.erase(found);
  }
  count_.store(entries_.size(), std::memory_order_relaxed);
  return announcement;
}

}  // namespace pktana::app
