// SPDX-License-Identifier: Apache-2.0
// For each few slots of the flow table the time until which none of their flows is over, so that a
// sweep passes them by without touching them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/mapping.h"
#include "base/result.h"
#include "flow/flow_entry.h"

namespace pktana::flow {

class DueTimes {
 public:
  /// Slots that share a time, from a multiple of it on.
  static constexpr uint32_t kSlots = 32;

  [[nodiscard]] static base::Result<DueTimes> create(uint32_t max_flows) {
    auto memory = base::Mapping::anonymous((max_flows / kSlots + size_t{1}) * sizeof(uint64_t));
    if (!memory) return base::Unexpected(memory.error());
    return DueTimes(std::move(*memory));
  }

  /// False also of slots of which nothing has been said yet.
  [[nodiscard]] bool is_none_due(Slot slot, int64_t now_ns) const noexcept {
    return biased(now_ns) <= of(slot);
  }
  /// A flow that is new, or whose timeout has changed, may be over behind `due_ns`.
  void lower(Slot slot, int64_t due_ns) noexcept { of(slot) = std::min(of(slot), biased(due_ns)); }
  /// All flows of the slots have been looked at: none is over until `due_ns`.
  void set(Slot slot, int64_t due_ns) noexcept { of(slot) = biased(due_ns); }

  /// When a flow that is `timeout_ns` old at most is over: behind that time.
  [[nodiscard]] static int64_t due_ns(int64_t last_ns, int64_t timeout_ns) noexcept {
    int64_t due = 0;
    if (__builtin_add_overflow(last_ns, timeout_ns, &due))
      return std::numeric_limits<int64_t>::max();
    return due;
  }

 private:
  explicit DueTimes(base::Mapping memory) noexcept : memory_(std::move(memory)) {}

  /// Order kept, and the earliest time is 0: what fresh memory holds.
  [[nodiscard]] static uint64_t biased(int64_t ns) noexcept {
    return static_cast<uint64_t>(ns) ^ uint64_t { 1 } << 63;
  }
  [[nodiscard]] uint64_t& of(Slot slot) const noexcept {
    return static_cast<uint64_t*>(memory_.data())[slot / kSlots];
  }

  base::Mapping memory_;
};

}  // namespace pktana::flow
