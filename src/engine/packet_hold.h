// SPDX-License-Identifier: Apache-2.0
// Holds packets until it is known which flow they are of, and whether that flow is wanted (-w with
// --where): then they go on in the order of capture, or are let go. Between a worker and what takes
// the packets; bounded in bytes and in time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/counter.h"
#include "engine/expression_names.h"
#include "engine/packet_observer.h"
#include "filter/expression.h"
#include "flow/record_handoff.h"
#include "sink/saved_packet.h"

namespace pktana::engine {

/// What takes the packets that are wanted. One thread, the worker's.
class PacketTaker {
 public:
  virtual ~PacketTaker() = default;
  virtual void on_interface(uint16_t source_id, const ring::FileInterface& interface) = 0;
  /// A flow begins, with its record as far as it goes by then. The answer comes with each of its
  /// packets.
  virtual uint32_t label_of(const flow::FlowRecord& /*begun*/) { return 0; }
  virtual void on_final(const flow::FlowRecord& /*record*/) {}  ///< borrowed
  /// `packet.flow_id` is 0, and `label` too, if the packet is of no flow that is known by now.
  virtual void put(const sink::SavedPacket& packet, uint32_t label) noexcept = 0;
  virtual void on_idle() {}
};

struct PacketHoldOptions {
  static constexpr uint64_t kUsualBytes = uint64_t{256} << 20;

  /// Of the flows whose packets are wanted; null = all packets. Must outlive the hold.
  const filter::Expression* where = nullptr;
  uint64_t max_bytes = kUsualBytes;
  int64_t max_ns = 0;  ///< of packet time; 0 = as long as it takes
  /// Fragments are held until their datagram's flow is known. Without it, and without `where`, they
  /// go on at once, and do not tell their flow.
  bool wait_for_fragments = true;
};

/// seen = passed_on + let_go_no_flow + let_go_other_flows + held, always.
struct PacketHoldTotals {
  uint64_t seen = 0;
  uint64_t passed_on = 0;
  uint64_t let_go_no_flow = 0;      ///< no IP, or not decodable
  uint64_t let_go_other_flows = 0;  ///< of flows that do not match
  uint64_t held = 0;
  uint64_t flows_decided_early = 0;  ///< because the bound was reached
  uint64_t passed_on_wrongly = 0;  ///< of those flows: packets of such as did not match in the end
  uint64_t let_go_wrongly = 0;     ///< ... and of such as did
};

/// A flow matches if its final record does, or an event of its application layer. What an
/// expression over addresses, ports and the like says is known from the first packet on, and
/// nothing is held. When the bound is reached, the flow of the oldest packet is judged as it
/// stands. One thread, the worker's; totals() from any.
class PacketHold final : public PacketObserver {
 public:
  /// `taker` must outlive the hold.
  PacketHold(const PacketHoldOptions& options, ExpressionNames names, PacketTaker& taker);
  ~PacketHold() override;

  [[nodiscard]] bool wants_flows() const noexcept override { return true; }
  void on_interface(uint16_t source_id, const ring::FileInterface& interface) override;
  void on_packet(const ring::PacketRef& ref, const parse::Packet& packet) override;
  void on_counted(const flow::FlowPacket& packet, bool outer, flow::FlowShard& shard) override;
  void on_joined(uint64_t number, uint64_t with) override;
  void on_not_counted(uint64_t number) override;
  void on_group_end(flow::FlowShard& shard) override;
  void on_idle() override;

  /// Records of the worker's flows, before anybody else has them.
  void see(std::span<const flow::FlowRecord> records) noexcept;
  /// All flows have ended: what is held goes on or is let go.
  void finish() noexcept;

  [[nodiscard]] PacketHoldTotals totals() const noexcept;

 private:
  enum class Verdict : uint8_t { Open, Wanted, LetGo };
  struct Flow;
  // Shared: packets outlive the flow's place in the table, and the flow its packets.
  using FlowPointer = std::shared_ptr<Flow>;

  /// The flows that a frame counted in.
  struct Place {
    FlowPointer flow;
    FlowPointer outer;
    bool known = false;  ///< nothing more will be said
  };
  /// Fragments of one datagram: what is said of one goes for all.
  struct Frames {
    Place place;
    std::shared_ptr<Frames> with;  ///< shared: by each of its frames
  };
  struct Packet {
    sink::SavedPacket saved;  ///< refers to `bytes`, once it is held
    std::unique_ptr<uint8_t[]> bytes;
    Place place;
    std::shared_ptr<Frames> frames;  ///< none: not a fragment
  };
  struct TagHash {
    size_t operator()(const flow::FlowTag& tag) const noexcept {
      return tag.flow_id * 31 + tag.continuation;
    }
  };

  [[nodiscard]] FlowPointer flow_of(const flow::FlowPacket& packet, const flow::FlowShard& shard);
  [[nodiscard]] Verdict verdict_of(const Place& place) const noexcept;
  [[nodiscard]] Verdict verdict_of(const Packet& packet) const noexcept;
  void settle(Packet& packet, Verdict verdict) noexcept;
  void keep(Packet packet);
  void drain() noexcept;
  void stay_within_bounds(flow::FlowShard& shard) noexcept;
  void drop_what_is_let_go() noexcept;
  [[nodiscard]] bool is_too_old(const Packet& packet) const noexcept;
  void judge_oldest(flow::FlowShard& shard) noexcept;
  void judge_now(const Place& place, const flow::FlowShard& shard) noexcept;
  void judge_now(Flow& flow, const flow::FlowShard& shard) noexcept;
  void on_final(const flow::FlowRecord& record, bool matches) noexcept;

  PacketHoldOptions options_;
  ExpressionNames names_;
  PacketTaker& taker_;
  flow::FlowShard* shard_ = nullptr;
  uint64_t number_ = 0;         ///< of the packet seen last
  std::vector<Packet> fresh_;   ///< of the present group; their bytes are borrowed
  std::deque<Packet> waiting_;  ///< in the order of capture
  uint64_t bytes_ = 0;          ///< of waiting_
  std::unordered_map<flow::FlowTag, FlowPointer, TagHash> flows_;
  std::unordered_map<uint64_t, std::shared_ptr<Frames>> frames_;  ///< by number, until known

  base::Counter seen_;
  base::Counter passed_on_;
  base::Counter no_flow_;
  base::Counter other_flows_;
  base::Counter early_;
  base::Counter passed_wrongly_;
  base::Counter let_go_wrongly_;
};

/// In front of a worker's way to the sink: shows the records to the hold.
class HoldTap final : public flow::RecordHandoff {
 public:
  HoldTap(PacketHold& hold, flow::RecordHandoff& next) noexcept : hold_(hold), next_(next) {}
  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    hold_.see(records);
    next_.hand_over(records);
  }

 private:
  PacketHold& hold_;
  flow::RecordHandoff& next_;
};

}  // namespace pktana::engine
