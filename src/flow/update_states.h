// SPDX-License-Identifier: Apache-2.0
// When each live flow is due for its next update and what the update before said. The memory is
// reserved only where updates are wanted.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "base/mapping.h"
#include "base/result.h"
#include "base/state_bytes.h"
#include "flow/flow_entry.h"
#include "flow/flow_record.h"

namespace pktana::flow {

class UpdateStates {
 public:
  /// @param interval_ns 0 = no updates, and no memory.
  [[nodiscard]] static base::Result<UpdateStates> create(uint32_t max_flows, int64_t interval_ns);

  [[nodiscard]] bool wanted() const noexcept { return interval_ns_ > 0; }

  /// A flow begins at `start_ns`: updates fall on whole intervals from there, so that the same
  /// packets give the same updates whoever asks, and how often.
  void begin(Slot slot, int64_t start_ns) noexcept {
    state(slot) = {};
    state(slot).next_ns = later(start_ns, static_cast<uint64_t>(interval_ns_));
  }

  /// Whether an interval of the flow has ended by `now_ns`.
  [[nodiscard]] bool is_due(Slot slot, int64_t now_ns) const noexcept {
    return now_ns >= state(slot).next_ns;
  }

  /// Goes on to the interval that `now_ns` lies in. Returns what the update of the one that has
  /// ended says; index 0 = nothing was sent in it, so that there is no update.
  [[nodiscard]] FlowUpdate take(Slot slot, const FlowRecord& record, int64_t now_ns) noexcept;

  /// The flow's state for a process that goes on with it.
  void save(Slot slot, base::StateWriter& out) const;
  /// A flow that was saved without updates has its first one at once. False: there is no state.
  [[nodiscard]] bool restore(Slot slot, base::StateReader& in) noexcept;

  /// The flow's counters begin anew; its updates are counted on.
  void restart_counters(Slot slot) noexcept {
    state(slot).packets = {};
    state(slot).bytes = {};
  }

 private:
  struct State {
    int64_t next_ns = 0;
    std::array<uint64_t, 2> packets{};  ///< totals that the update before gave
    std::array<uint64_t, 2> bytes{};
    uint32_t index = 0;
  };

  UpdateStates() = default;

  /// Defined for any two values.
  [[nodiscard]] static int64_t later(int64_t time_ns, uint64_t by_ns) noexcept {
    return static_cast<int64_t>(static_cast<uint64_t>(time_ns) + by_ns);
  }

  [[nodiscard]] State& state(Slot slot) noexcept {
    return static_cast<State*>(memory_.data())[slot];
  }
  [[nodiscard]] const State& state(Slot slot) const noexcept {
    return static_cast<const State*>(memory_.data())[slot];
  }

  base::Mapping memory_;
  int64_t interval_ns_ = 0;
};

}  // namespace pktana::flow
