// SPDX-License-Identifier: Apache-2.0
// The flow table of one worker: finds or makes the flow of each packet, ends flows by time, by TCP
// and by lack of room, and hands their records over. One thread only: no lock, no atomic.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/keyed_hash.h"
#include "base/result.h"
#include "base/state_bytes.h"
#include "flow/conn_state.h"
#include "flow/due_times.h"
#include "flow/encapsulation_table.h"
#include "flow/flow_index.h"
#include "flow/flow_packet.h"
#include "flow/flow_store.h"
#include "flow/icmp_pairs.h"
#include "flow/icmp_quote.h"
#include "flow/loss_times.h"
#include "flow/packet_clock.h"
#include "flow/payload_hook.h"
#include "flow/record_builder.h"
#include "flow/record_bundle.h"
#include "flow/record_handoff.h"
#include "flow/tcp_quality_tracker.h"
#include "flow/tcp_tracker.h"
#include "flow/timeouts.h"
#include "flow/update_states.h"

namespace pktana::flow {

struct ShardOptions {
  static constexpr uint32_t kMostFlows = uint32_t{1} << FlowIndex::kSlotBits;

  uint32_t max_flows = 1'000'000;
  Timeouts timeouts{};
  int64_t active_timeout_ns = 0;   ///< 0 = never split
  int64_t update_interval_ns = 0;  ///< between the updates of a live flow; 0 = none
  base::HashSecret secret{};
  /// Keeps what lies around tunnelled flows; must outlive the shard. Null = records don't say it.
  EncapsulationTable* encapsulations = nullptr;
  /// Is shown the packets of TCP and UDP flows; the shard's own, must outlive it. Null = none.
  PayloadHook* hook = nullptr;
};

/// What a shard has counted since it began. Plain numbers: the worker copies them out between
/// batches.
struct ShardTotals {
  uint64_t packets = 0;           ///< counted in a flow
  uint64_t flows_restored = 0;    ///< of a process before us, live when they came
  uint64_t packets_restored = 0;  ///< counted in them by then
  uint64_t bytes = 0;             ///< of those, as on the wire
  uint64_t flows_created = 0;
  uint64_t flows_tcp = 0;
  uint64_t flows_udp = 0;
  uint64_t flows_icmpv4 = 0;
  uint64_t flows_icmpv6 = 0;
  uint64_t flows_other = 0;
  uint64_t records = 0;             ///< handed over, splits included
  uint64_t record_packets = 0;      ///< sum of packets over these records
  uint64_t records_split = 0;       ///< of those, parts of flows that went on (end reason Active)
  uint64_t updates = 0;             ///< handed over beside the records, of flows that went on
  uint64_t events = 0;              ///< handed over beside both: what the hook told of flows
  uint64_t clock_steps_back = 0;    ///< times that packet time went back, see packet_clock.h
  uint64_t quality_incomplete = 0;  ///< records that say so: no memory was left for TCP quality
  uint64_t room = 0;                ///< flows that the table holds at a time
  uint64_t swept_slots = 0;         ///< looked at by the timer, be there a flow or not
  uint64_t swept_flows = 0;         ///< ended by it; idle ones may also end by their next packet
  std::array<uint64_t, kEndReasonCount> ended{};  ///< records by EndReason

  ShardTotals& operator+=(const ShardTotals& other) noexcept;
};

/// Which flows of a process before us are to go on, and as whose.
struct RestoreChoice {
  std::span<const uint16_t>
      sources;  ///< source id by what it was then; flows beyond it are left out
  std::function<bool(const FlowRecord&)> is_wanted = {};  ///< none = all
};

/// A flow, or the part of one that the active timeout split: what FlowRecord says of itself.
struct FlowTag {
  uint64_t flow_id = 0;
  uint32_t continuation = 0;
  friend bool operator==(const FlowTag&, const FlowTag&) = default;
};

class FlowShard {
 public:
  /// `handoff` must outlive the shard.
  [[nodiscard]] static base::Result<FlowShard> create(const ShardOptions& options,
                                                      RecordHandoff& handoff);

  /// First and second step of a batched look-up: bring the index bucket, then the flow's entry
  /// near.
  void prefetch_index(const FlowPacket& packet) const noexcept { index_.prefetch(packet.hash); }
  void prefetch_entry(FlowPacket& packet) const noexcept {
    packet.near = index_.guess(packet.hash);
    if (packet.near == kNoSlot) return;
    store_.prefetch(packet.near);
    if (packet.key.ip_version() != 4) store_.prefetch_ipv6(packet.near);
  }

  /// Third step, when the entries have come: what TCP is tracked with beside them.
  void prefetch_beside(const FlowPacket& packet) const noexcept {
    if (packet.near == kNoSlot || packet.key.protocol() != kProtocolTcp) return;
    store_.prefetch_long_block(packet.near);
    if (!history_is_settled(store_.entry(packet.near).tcp)) store_.prefetch_tail(packet.near);
  }

  /// Fourth step: what the payload hook keeps of those flows that it wants to see.
  void prefetch_hooked(std::span<const FlowPacket> packets) const noexcept;

  /// Counts the packet in its flow, which it may create; may end flows on the way. O(1), no
  /// allocation.
  void update(const FlowPacket& packet) noexcept;
  /// The same for a packet whose time see() has been told; one packet may be of two flows.
  void update_seen(const FlowPacket& packet) noexcept;
  /// The same for a packet whose fragments were held back: its time is past, the clock stays.
  void update_late(const FlowPacket& packet) noexcept;

  /// An ICMP error came back for a packet: counted in that packet's flow, if it is in the table.
  void note_icmp_error(const IcmpQuote& quote) noexcept;

  /// The time of a packet, also of one that is not this shard's: the clock must not depend on how
  /// many share the work. Once for each packet: a leap ahead is believed when a second one bears it
  /// out.
  void see(int64_t ts_ns) noexcept {
    if (clock_.would_step_back(ts_ns)) [[unlikely]]
      before_step_back();
    clock_.see(ts_ns);
    time_ns_ = clock_.now_ns();
  }

  /// Moves the shard's clock to the wall's, on a silent live link.
  void advance(int64_t now_ns) noexcept {
    if (clock_.would_step_back(now_ns)) [[unlikely]]
      before_step_back();
    clock_.set(now_ns);
    time_ns_ = clock_.now_ns();
  }

  /// Our own ring dropped packets at some time between the two: flows that lived then say so.
  void note_loss(int64_t from_ns, int64_t to_ns) noexcept { losses_.note(from_ns, to_ns); }

  /// Visits as many slots as the time since the last sweep asks for (the whole table in a second),
  /// at most `max_slots` rounded up to DueTimes::kSlots, ends the flows whose time is over and
  /// writes the updates that are due. Slots of which none is due are not touched.
  void sweep(uint32_t max_slots) noexcept;

  /// Ends every live flow: the capture is over, and no update() may follow.
  void end_all() noexcept;

  /// Hands over the records that wait for a full bundle.
  void flush() noexcept;

  /// The live flows for a process that goes on with them, and back. Not the records that wait for
  /// a full bundle: flush() them before. False: the bytes are cut; the flows before that are in.
  void save(base::StateWriter& out) const;
  [[nodiscard]] bool restore(base::StateReader& in, const RestoreChoice& choice);

  /// Shows the live flows among `count` slots from `from` on to `visit`, as records whose
  /// references are given back after its call. Returns where to go on; kNoSlot = that was the last
  /// one. Flows that come or go between two calls may be missed.
  template <typename Visit>
  Slot visit_live(Slot from, Slot count, const Visit& visit) const {
    const Slot end = std::min<Slot>(store_.high_water(), from + count);
    for (Slot slot = from; slot < end; ++slot) {
      if (!store_.entry(slot).hot.live) continue;
      FlowRecord record = record_of(slot, hash_of(slot), EndReason::Active);
      describe(slot, record);
      visit(record);
      drop_belongings({&record, 1});
    }
    return end < store_.high_water() ? end : kNoSlot;
  }

  [[nodiscard]] const ShardTotals& totals() const noexcept { return totals_; }
  [[nodiscard]] uint32_t live() const noexcept { return store_.live(); }
  /// Sum of packets over the live flows, by visiting them all: for the ledger, not for every
  /// packet.
  [[nodiscard]] uint64_t live_packets() const noexcept;
  /// The flow that the packet has just counted in.
  [[nodiscard]] FlowTag tag_of(const FlowPacket& packet) const noexcept;
  /// The record of the live flow with that key as it stands, but for what the hook knows; none:
  /// there is no such flow. It holds no references.
  [[nodiscard]] std::optional<FlowRecord> live_record(const FlowKey& key,
                                                      uint64_t hash) const noexcept;
  /// What the hook knows of that flow is added; the record then holds references.
  void describe_live(const FlowKey& key, FlowRecord& record) const noexcept;

  /// The time that packets have brought so far; PacketClock::kNoTime before the first one.
  [[nodiscard]] int64_t now_ns() const noexcept { return clock_.now_ns(); }
  [[nodiscard]] const base::HashSecret& secret() const noexcept { return options_.secret; }

 private:
  /// A flow as the hook may ask after it during a call.
  class Hooked;
  /// A flow that is to end, and the hash of its key.
  struct Ending {
    Slot slot;
    uint64_t hash;
  };
  /// Ended together, so that cache misses overlap.
  struct EndingGroup {
    std::array<Ending, 16> flow;
    size_t count = 0;
  };

  struct Memory {
    FlowIndex index;
    FlowStore store;
    TcpQualityTracker quality;
    UpdateStates updates;
    DueTimes due;
  };

  FlowShard(const ShardOptions& options, RecordHandoff& handoff, Memory memory);

  [[nodiscard]] FlowView view(Slot slot) const noexcept { return store_.flow(slot); }
  [[nodiscard]] Slot find(const FlowPacket& packet) const noexcept;
  [[nodiscard]] Slot find_key(const FlowKey& key, uint64_t hash) const noexcept;
  [[nodiscard]] bool holds(Slot slot, const FlowKey& key, uint64_t hash) const noexcept;
  [[nodiscard]] bool is_over(const HotEntry& hot) const noexcept {
    return PacketClock::elapsed(hot.last_ns, time_ns_) >
           static_cast<uint64_t>(timeout_ns_[hot.timeout_class]);
  }
  /// Whether the packet is the first of a new connection on the addresses and ports of the flow.
  [[nodiscard]] bool begins_anew(Slot slot, const FlowPacket& packet) const noexcept;
  [[nodiscard]] bool restore_flow(base::StateReader& in, const RestoreChoice& choice);
  void adopt_restored(Slot slot, uint64_t hash, const Encapsulation& around,
                      const RestoreChoice& choice) noexcept;
  void before_step_back() noexcept;
  /// Visits the next `slots` slots and a few more, at most all of them, and ends the flows whose
  /// time is over.
  void end_idle_among(uint32_t slots) noexcept;
  /// Puts those into `endings` and ends them when it is full.
  void end_idle_between(Slot begin, Slot end, EndingGroup& endings) noexcept;
  void end_idle(EndingGroup& endings) noexcept;
  [[nodiscard]] int64_t due_ns(const HotEntry& hot) const noexcept {
    return DueTimes::due_ns(hot.last_ns, timeout_ns_[hot.timeout_class]);
  }
  [[nodiscard]] uint64_t hash_of(Slot slot) const noexcept {
    return hash_key(options_.secret, key_of(view(slot)));
  }
  [[nodiscard]] Slot create_flow(const FlowPacket& packet, uint16_t instance) noexcept;
  void count_new(const FlowPacket& packet) noexcept;
  void make_room() noexcept;
  void prefetch_victims(Slot victim) const noexcept;
  [[nodiscard]] Slot oldest_nearby() noexcept;
  void count(Slot slot, const FlowPacket& packet) noexcept;
  void count_packet(const FlowRef& flow, const FlowPacket& packet, Direction side) noexcept;
  void count_tcp(Slot slot, const FlowPacket& packet, TcpNumbersRef& numbers,
                 Direction direction) noexcept;
  void on_first_of_side(Slot slot, const FlowPacket& packet, Direction side) noexcept;
  void keep_encapsulation(const FlowRef& flow, const FlowPacket& packet, Direction side) noexcept;
  void set_state(Slot slot, FlowState state) noexcept;
  /// Hands over an update if an interval of the flow has ended by `now_ns` and brought packets.
  void update_if_due(Slot slot, uint64_t hash, int64_t now_ns) noexcept;
  /// Until when a flow that ends now was in the table by right: its timer may have run out before.
  [[nodiscard]] int64_t lived_until(const HotEntry& hot) const noexcept;
  void split_if_active(Slot slot, const FlowPacket& packet) noexcept;
  void end(Slot slot, uint64_t hash, EndReason reason) noexcept;
  /// The record of the flow as it stands.
  [[nodiscard]] FlowRecord record_of(Slot slot, uint64_t hash, EndReason reason) const noexcept;
  /// Whether the hook has been told of the flow. By its key: the answer outlives hook_wants.
  [[nodiscard]] bool is_hooked(const HotEntry& hot) const noexcept;
  void show_to_hook(Slot slot, const FlowPacket& packet, Direction side) noexcept;
  void end_for_hook(Slot slot, uint64_t hash) noexcept;
  /// Application protocol, name and the like, if a hook knows them.
  void describe(Slot slot, FlowRecord& record) const noexcept;
  void emit_event(Slot slot, uint64_t hash, const AppEvent* event, int64_t ts_ns) noexcept;
  void emit(const FlowRecord& record) noexcept;
  /// The record takes a reference of its own to its encapsulation; those to what the hook said it
  /// has.
  void push(const FlowRecord& record) noexcept;

  ShardOptions options_;
  RecordHandoff* handoff_;
  FlowIndex index_;
  FlowStore store_;
  TcpQualityTracker quality_;
  LossTimes losses_;
  UpdateStates updates_;
  DueTimes due_;
  std::array<int64_t, kTimeoutClassCount> timeout_ns_;
  PacketClock clock_;
  /// By which flows are judged: the clock's, and while a packet is looked at, at least its own.
  int64_t time_ns_ = PacketClock::kNoTime;
  int64_t swept_ns_ = PacketClock::kNoTime;
  Slot sweep_cursor_ = 0;  ///< a multiple of DueTimes::kSlots
  Slot eviction_hand_ = 0;
  uint64_t step_visits_ = 0;  ///< slots visited because time stepped back
  bool shutting_down_ = false;
  ShardTotals totals_;
  RecordBundle pending_;
};

}  // namespace pktana::flow
