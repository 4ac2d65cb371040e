// SPDX-License-Identifier: Apache-2.0
// Watches a run's packets and shows the payload of the flow that is meant (read --follow), or of
// several on the same ends, each piece under the head of its flow.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cli/follow/flow_choice.h"
#include "cli/follow/payload_text.h"
#include "engine/packet_observer.h"
#include "sink/community_id.h"

namespace pktana::cli {

class FlowFollower final : public engine::PacketObserver {
 public:
  /// Fails where the Community ID is asked for and there is no SHA-1. `output` must outlive it.
  [[nodiscard]] static base::Result<std::unique_ptr<FlowFollower>> create(
      FlowChoice choice, const PayloadText::Options& options, LineOutput& output,
      std::atomic<bool>& stop);
  ~FlowFollower() override;

  [[nodiscard]] bool wants_flows() const noexcept override { return true; }
  void on_packet(const ring::PacketRef&, const parse::Packet&) override {}
  void on_counted(const flow::FlowPacket& packet, bool outer, flow::FlowShard& shard) override;

  /// The run is over: shows the rest.
  void finish();
  [[nodiscard]] size_t flows_found() const noexcept { return in_order_.size(); }
  [[nodiscard]] const FlowChoice& choice() const noexcept { return choice_; }

 private:
  struct Found;

  FlowFollower(FlowChoice choice, const PayloadText::Options& options, LineOutput& output,
               std::atomic<bool>& stop);
  [[nodiscard]] Found* find(const flow::FlowPacket& packet, const flow::FlowShard& shard);
  [[nodiscard]] bool is_meant(const flow::FlowRecord& record);

  FlowChoice choice_;
  const PayloadText::Options options_;
  LineOutput& output_;
  std::optional<sink::CommunityId> community_id_;
  std::atomic<bool>& stop_;
  std::unordered_map<uint64_t, std::unique_ptr<Found>> flows_;  ///< by flow id; null = not meant
  std::vector<Found*> in_order_;                                ///< those that are meant
  const PayloadText* speaker_ = nullptr;
};

}  // namespace pktana::cli
