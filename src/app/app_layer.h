// SPDX-License-Identifier: Apache-2.0
// The application layer of one worker: has new flows recognised, gives their payload in order to
// the dissector that claimed them, and lets go of a flow as soon as nobody wants more of it.
#pragma once

#include <memory>
#include <memory_resource>

#include "app/app_totals.h"
#include "app/conversation.h"
#include "app/event_builder.h"
#include "app/expectations.h"
#include "app/flow_call.h"
#include "app/memory_budget.h"
#include "app/prober.h"
#include "app/registry.h"
#include "app/wanted_events.h"
#include "base/mapping.h"
#include "base/result.h"
#include "flow/payload_hook.h"

namespace pktana::app {

struct AppOptions {
  static constexpr size_t kDefaultMemory = size_t{64} << 20;

  const Registry* registry = nullptr;    ///< must outlive the layer
  Expectations* expectations = nullptr;  ///< holds those of all workers; must outlive the layer
  WantedEvents wanted = {};
  uint32_t max_flows = 0;                ///< slots of the shard
  size_t memory_bytes = kDefaultMemory;  ///< of packets held, at most
};

/// One thread.
class AppLayer final : public flow::PayloadHook {
 public:
  /// A flow that nobody claims is given up after so much of it.
  static constexpr uint16_t kMaxProbedPackets = 16;
  /// Protocols that may follow one another in a flow.
  static constexpr uint8_t kMaxChanges = 8;

  [[nodiscard]] static base::Result<std::unique_ptr<AppLayer>> create(const AppOptions& options);
  ~AppLayer() override;

  bool on_packet(flow::Slot slot, const flow::FlowPacket& packet, flow::Direction direction,
                 flow::HookedFlow& flow) noexcept override;
  void prefetch(std::span<const flow::Slot> slots) const noexcept override;
  void describe(flow::Slot slot, flow::FlowRecord& record) noexcept override;
  void on_end(flow::Slot slot, int64_t now_ns, flow::HookedFlow& flow) noexcept override;
  void release(flow::Slot slot) noexcept override;

  [[nodiscard]] AppTotals totals() const noexcept;

 private:
  /// A packet, or the end of a flow, on its way through the layer.
  struct Passage {
    FlowApp& app;
    flow::HookedFlow& flow;
    uint8_t protocol = 0;
    flow::Direction direction = flow::kToServer;
    std::array<uint16_t, 2> port{};  ///< where packets of a direction are sent to
    int64_t ts_ns = 0;

    [[nodiscard]] Conversation& talk() const noexcept { return *app.conversation; }
    [[nodiscard]] Side& side() const noexcept { return app.conversation->side[direction]; }
    [[nodiscard]] bool is_over() const noexcept { return app.conversation == nullptr; }
    [[nodiscard]] Passage in(flow::Direction other) const noexcept {
      return {app, flow, protocol, other, port, ts_ns};
    }
  };

  AppLayer(const AppOptions& options, base::Mapping flows);

  [[nodiscard]] FlowApp& app_of(flow::Slot slot) const noexcept {
    return static_cast<FlowApp*>(flows_.data())[slot];
  }
  void begin(const Passage& on) noexcept;
  void claim_announced(const Passage& on) noexcept;
  void claim(const Passage& on, const DissectorEntry& owner, flow::AppBasis basis) noexcept;
  /// The owner's part of the flow is over.
  void dismiss_owner(const Passage& on) noexcept;
  void give_up(const Passage& on) noexcept;
  /// Nobody wants more of the flow.
  void let_go(const Passage& on) noexcept;
  void end_conversation(FlowApp& app) noexcept;

  // app_layer_bytes.cpp
  void take_segment(const Passage& on, const flow::FlowPacket& packet) noexcept;
  void take_early(const Passage& on) noexcept;
  void take_datagram(const Passage& on, const flow::FlowPacket& packet) noexcept;
  /// Bytes that are next in order: to the probes, or to the owner.
  void take_bytes(const Passage& on, std::span<const uint8_t> bytes) noexcept;
  /// Early segments whose turn will not come any more: what is missing before them is a gap.
  void drain(const Passage& on) noexcept;
  void close_gap(const Passage& on, uint64_t missing) noexcept;
  void tell_gap(const Passage& on, uint64_t missing) noexcept;
  void probe_stream(const Passage& on, std::span<const uint8_t> bytes, bool ended) noexcept;
  /// Shows all that is pending to a new owner; what spoke first goes first.
  void show_pending(const Passage& on) noexcept;
  /// Shows the owner what is pending of this side and `bytes`, again and again while it consumes.
  void show(const Passage& on, std::span<const uint8_t> bytes) noexcept;
  /// Pending bytes, with `bytes` behind them; `bytes` themselves, not copied, if there are none.
  /// False: no room, told as a gap.
  [[nodiscard]] bool join(const Passage& on, std::span<const uint8_t>& bytes) noexcept;
  /// Keeps what was not consumed. @return whether the rest is to be shown again at once.
  [[nodiscard]] bool settle(const Passage& on, std::span<const uint8_t> view,
                            const pktana_step& step) noexcept;
  [[nodiscard]] pktana_step call_owner(const Passage& on, std::span<const uint8_t> view,
                                       bool cut) noexcept;
  /// The owner says that it is not its protocol (Reject), or that another one follows (Change).
  void replace_owner(const Passage& on, uint32_t verdict) noexcept;

  [[nodiscard]] CallTools tools() noexcept {
    return {.builder = builder_, .wanted = wanted_, .expectations = *expectations_};
  }

  const Registry* registry_;
  Expectations* expectations_;
  WantedEvents wanted_;
  MemoryBudget budget_;
  base::Mapping flows_;  ///< a FlowApp for each slot
  std::pmr::unsynchronized_pool_resource pool_;
  EventBuilder builder_;
  const char* change_to_ = nullptr;  ///< what the owner asked for in its last call
  uint64_t live_ = 0;                ///< flows that something is kept for
  AppTotals totals_;
};

}  // namespace pktana::app
