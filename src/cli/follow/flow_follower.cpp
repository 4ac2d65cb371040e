// SPDX-License-Identifier: Apache-2.0
#include "cli/follow/flow_follower.h"

#include <utility>

namespace pktana::cli {

struct FlowFollower::Found {
  Found(bool initiator_is_high, const PayloadText::Options& options, LineOutput& output,
        const PayloadText*& speaker)
      : text(options, output, speaker), flow(initiator_is_high, text) {}

  PayloadText text;
  FollowedFlow flow;
};

base::Result<std::unique_ptr<FlowFollower>> FlowFollower::create(
    FlowChoice choice, const PayloadText::Options& options, LineOutput& output,
    std::atomic<bool>& stop) {
  std::unique_ptr<FlowFollower> follower(
      new FlowFollower(std::move(choice), options, output, stop));
  if (!follower->choice_.wants_community_id()) return follower;
  auto community_id = sink::CommunityId::create(0);
  if (!community_id) return base::Unexpected(community_id.error());
  follower->community_id_ = std::move(*community_id);
  return follower;
}

FlowFollower::FlowFollower(FlowChoice choice, const PayloadText::Options& options,
                           LineOutput& output, std::atomic<bool>& stop)
    : choice_(std::move(choice)), options_(options), output_(output), stop_(stop) {}

FlowFollower::~FlowFollower() = default;

bool FlowFollower::is_meant(const flow::FlowRecord& record) {
  if (!community_id_) return choice_.means(record, {});
  std::array<char, sink::CommunityId::kTextBytes> text;
  const char* const end = community_id_->put(text.data(), record);
  return choice_.means(record, {text.data(), static_cast<size_t>(end - text.data())});
}

FlowFollower::Found* FlowFollower::find(const flow::FlowPacket& packet,
                                        const flow::FlowShard& shard) {
  const auto [place, is_new] = flows_.try_emplace(shard.tag_of(packet).flow_id);
  if (!is_new) return place->second.get();
  const auto record = shard.live_record(packet.key, packet.hash);
  if (!record || !is_meant(*record)) return nullptr;
  // It has but this packet.
  const bool is_request = record->totals[flow::kToServer].packets > 0;
  place->second =
      std::make_unique<Found>(packet.from_high == is_request, options_, output_, speaker_);
  place->second->text.begin(*record);
  in_order_.push_back(place->second.get());
  return in_order_.back();
}

void FlowFollower::on_counted(const flow::FlowPacket& packet, bool, flow::FlowShard& shard) {
  if (Found* const found = find(packet, shard)) found->flow.take(packet);
  if (output_.error()) stop_ = true;
}

void FlowFollower::finish() {
  for (Found* const found : in_order_) {
    found->flow.finish();
    found->text.end();
  }
}

}  // namespace pktana::cli
