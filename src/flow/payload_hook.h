// SPDX-License-Identifier: Apache-2.0
// Where the flow table shows packets of flows that the application layer wants to see. The shard
// calls, the application layer answers; both live in the same worker thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "flow/app_summary.h"
#include "flow/flow_packet.h"
#include "flow/flow_record.h"

namespace pktana::flow {

/// Number of a flow in its shard while it lives (flow_entry.h).
using Slot = uint32_t;

/// What the hook may ask of a flow during a call.
class HookedFlow {
 public:
  /// The record of the flow as it stands. Not for every packet: it is made anew.
  [[nodiscard]] virtual FlowRecord record() const noexcept = 0;

  /// TCP: sequence number of the first byte that the sender of this direction has sent, known from
  /// its SYN; none if that was not seen.
  [[nodiscard]] virtual std::optional<uint32_t> first_sequence(
      Direction direction) const noexcept = 0;

  /// Hands an event over as a record of the flow, beside its final one, with `ts_ns` as end_ns.
  /// Takes the caller's reference.
  virtual void emit(const AppEvent* event, int64_t ts_ns) noexcept = 0;

 protected:
  ~HookedFlow() = default;
};

class PayloadHook {
 public:
  virtual ~PayloadHook() = default;

  /// A packet of a TCP or UDP flow, after it was counted; SYN, FIN and bare ACK too. The first call
  /// for a slot begins a flow. A fragment that never came together with the others has no payload.
  /// @return whether the hook wants the flow's next packets; false costs it nothing from then on.
  virtual bool on_packet(Slot slot, const FlowPacket& packet, Direction direction,
                         HookedFlow& flow) noexcept = 0;

  /// These flows' next packets come soon: what is kept of them is brought near the processor.
  virtual void prefetch(std::span<const Slot> slots) const noexcept { static_cast<void>(slots); }

  /// The flow ends (or a part of it was split off: then its slot goes on, and so does the hook's
  /// state): fills app_proto and the summary, with a reference of the record's own. Also for
  /// updates.
  virtual void describe(Slot slot, FlowRecord& record) noexcept = 0;

  /// Before describe() of the final record: last events of the flow. `now_ns` is packet time.
  virtual void on_end(Slot slot, int64_t now_ns, HookedFlow& flow) noexcept = 0;

  /// After the final record: the slot may be another flow's next.
  virtual void release(Slot slot) noexcept = 0;
};

}  // namespace pktana::flow
