// SPDX-License-Identifier: Apache-2.0
#include "engine/packet_hold.h"

#include <algorithm>
#include <cstring>

#include "engine/packet_saver.h"
#include "flow/flow_shard.h"

namespace pktana::engine {
namespace {

/// When the bound is reached, so much of it is made free: a search for what is let go pays then.
constexpr uint64_t kFreedShare = 8;

}  // namespace

struct PacketHold::Flow {
  flow::FlowTag tag;
  flow::FlowKey key;
  uint64_t hash = 0;
  uint32_t label = 0;
  Verdict verdict = Verdict::Open;
  bool early = false;      ///< judged because the bound was reached
  bool by_event = false;   ///< an event of it matched
  uint64_t passed_on = 0;  ///< packets
  uint64_t let_go = 0;
};

PacketHold::PacketHold(const PacketHoldOptions& options, ExpressionNames names, PacketTaker& taker)
    : options_(options), names_(std::move(names)), taker_(taker) {}

PacketHold::~PacketHold() = default;

void PacketHold::on_interface(uint16_t source_id, const ring::FileInterface& interface) {
  taker_.on_interface(source_id, interface);
}

void PacketHold::on_packet(const ring::PacketRef& ref, const parse::Packet& packet) {
  seen_.add(1);
  ++number_;
  Packet& fresh = fresh_.emplace_back();
  fresh.saved = to_saved(ref);
  fresh.place.known = packet.verdict != parse::Verdict::Ip;
  if (fresh.place.known || packet.fragment == parse::Fragment::None) return;
  if (options_.where == nullptr && !options_.wait_for_fragments) {
    fresh.place.known = true;
    return;
  }
  fresh.frames = std::make_shared<Frames>();
  frames_.emplace(number_, fresh.frames);
}

PacketHold::FlowPointer PacketHold::flow_of(const flow::FlowPacket& packet,
                                            const flow::FlowShard& shard) {
  const flow::FlowTag tag = shard.tag_of(packet);
  FlowPointer& flow = flows_[tag];
  if (flow != nullptr) return flow;
  flow = std::make_shared<Flow>();
  flow->tag = tag;
  flow->key = packet.key;
  flow->hash = packet.hash;
  const auto begun = shard.live_record(packet.key, packet.hash);
  if (begun) flow->label = taker_.label_of(*begun);
  if (options_.where == nullptr) {
    flow->verdict = Verdict::Wanted;
    return flow;
  }
  if (!begun) return flow;
  const auto settled = options_.where->settled_by_first_packet({*begun, &names_});
  if (settled) flow->verdict = *settled ? Verdict::Wanted : Verdict::LetGo;
  return flow;
}

void PacketHold::on_counted(const flow::FlowPacket& packet, bool outer, flow::FlowShard& shard) {
  const uint64_t first_fresh = number_ - fresh_.size() + 1;
  Place* place = nullptr;
  if (const auto frames = frames_.find(packet.number); frames != frames_.end())
    place = &frames->second->place;
  else if (packet.number >= first_fresh && packet.number <= number_)
    place = &fresh_[packet.number - first_fresh].place;
  if (place == nullptr || (place->known && !outer)) return;
  (outer ? place->outer : place->flow) = flow_of(packet, shard);
  if (outer) return;
  place->known = true;
  frames_.erase(packet.number);
}

void PacketHold::on_joined(uint64_t number, uint64_t with) {
  const auto one = frames_.find(number);
  const auto other = frames_.find(with);
  if (one == frames_.end() || other == frames_.end()) return;
  one->second->with = other->second;
  frames_.erase(one);
}

void PacketHold::on_not_counted(uint64_t number) {
  const auto found = frames_.find(number);
  if (found == frames_.end()) return;
  found->second->place.known = true;
  frames_.erase(found);
}

PacketHold::Verdict PacketHold::verdict_of(const Place& place) const noexcept {
  bool open = !place.known;
  if (options_.where == nullptr) return open ? Verdict::Open : Verdict::Wanted;
  for (const FlowPointer& flow : {place.flow, place.outer}) {
    if (flow == nullptr) continue;
    if (flow->verdict == Verdict::Wanted) return Verdict::Wanted;
    open = open || flow->verdict == Verdict::Open;
  }
  return open ? Verdict::Open : Verdict::LetGo;
}

PacketHold::Verdict PacketHold::verdict_of(const Packet& packet) const noexcept {
  if (packet.frames == nullptr) return verdict_of(packet.place);
  bool open = false;
  for (const Frames* frames = packet.frames.get(); frames != nullptr; frames = frames->with.get()) {
    // Of frames that are joined with others only the last place is ever known.
    Place place = frames->place;
    place.known = place.known || frames->with != nullptr;
    const Verdict verdict = verdict_of(place);
    if (options_.where != nullptr && verdict == Verdict::Wanted) return verdict;
    open = open || verdict == Verdict::Open;
  }
  if (open) return Verdict::Open;
  return options_.where == nullptr ? Verdict::Wanted : Verdict::LetGo;
}

/// It is decided, and every packet before it is gone.
void PacketHold::settle(Packet& packet, Verdict verdict) noexcept {
  const Place* place = &packet.place;
  for (const Frames* frames = packet.frames.get(); frames != nullptr; frames = frames->with.get())
    if (frames->place.flow != nullptr || frames->with == nullptr) place = &frames->place;
  Flow* const flow = place->flow != nullptr ? place->flow.get() : place->outer.get();
  if (verdict == Verdict::Wanted) {
    passed_on_.add(1);
    if (flow != nullptr) ++flow->passed_on;
    packet.saved.flow_id = flow != nullptr ? flow->tag.flow_id : 0;
    taker_.put(packet.saved, flow != nullptr ? flow->label : 0);
    return;
  }
  (flow != nullptr ? other_flows_ : no_flow_).add(1);
  if (flow != nullptr) ++flow->let_go;
}

void PacketHold::keep(Packet packet) {
  const base::Bytes borrowed = packet.saved.bytes;
  packet.bytes = std::make_unique<uint8_t[]>(borrowed.size());
  if (!borrowed.empty()) std::memcpy(packet.bytes.get(), borrowed.data(), borrowed.size());
  packet.saved.bytes = {packet.bytes.get(), borrowed.size()};
  bytes_ += sizeof(Packet) + borrowed.size();
  waiting_.push_back(std::move(packet));
}

void PacketHold::on_group_end(flow::FlowShard& shard) {
  shard_ = &shard;
  drain();
  for (Packet& packet : fresh_) {
    const Verdict verdict = verdict_of(packet);
    if (verdict == Verdict::LetGo || (verdict == Verdict::Wanted && waiting_.empty()))
      settle(packet, verdict);
    else
      keep(std::move(packet));
  }
  fresh_.clear();
  stay_within_bounds(shard);
}

void PacketHold::drain() noexcept {
  while (!waiting_.empty()) {
    Packet& oldest = waiting_.front();
    const Verdict verdict = verdict_of(oldest);
    if (verdict == Verdict::Open) return;
    settle(oldest, verdict);
    bytes_ -= sizeof(Packet) + oldest.saved.bytes.size();
    waiting_.pop_front();
  }
}

bool PacketHold::is_too_old(const Packet& packet) const noexcept {
  return options_.max_ns > 0 && shard_->now_ns() - packet.saved.ts_ns > options_.max_ns;
}

void PacketHold::stay_within_bounds(flow::FlowShard& shard) noexcept {
  if (bytes_ > options_.max_bytes) {
    shard.flush();
    drain();
    drop_what_is_let_go();
    const uint64_t enough = options_.max_bytes - options_.max_bytes / kFreedShare;
    while (bytes_ > enough && !waiting_.empty())
      judge_oldest(shard);
  }
  while (!waiting_.empty() && is_too_old(waiting_.front()))
    judge_oldest(shard);
}

void PacketHold::drop_what_is_let_go() noexcept {
  std::erase_if(waiting_, [this](Packet& packet) {
    if (verdict_of(packet) != Verdict::LetGo) return false;
    settle(packet, Verdict::LetGo);
    bytes_ -= sizeof(Packet) + packet.saved.bytes.size();
    return true;
  });
}

/// Takes the first packet that waits, and those behind it that waited for it only.
void PacketHold::judge_oldest(flow::FlowShard& shard) noexcept {
  shard.flush();
  Packet& oldest = waiting_.front();
  oldest.place.known = true;
  judge_now(oldest.place, shard);
  for (Frames* frames = oldest.frames.get(); frames != nullptr; frames = frames->with.get()) {
    judge_now(frames->place, shard);
    frames->place.known = true;  // a datagram that is not whole by now
  }
  drain();
}

void PacketHold::judge_now(const Place& place, const flow::FlowShard& shard) noexcept {
  for (const FlowPointer& flow : {place.flow, place.outer})
    if (flow != nullptr && flow->verdict == Verdict::Open) judge_now(*flow, shard);
}

void PacketHold::judge_now(Flow& flow, const flow::FlowShard& shard) noexcept {
  early_.add(1);
  flow.early = true;
  flow.verdict = Verdict::LetGo;
  auto record = shard.live_record(flow.key, flow.hash);
  if (!record || record->flow_id != flow.tag.flow_id) return;
  shard.describe_live(flow.key, *record);
  if (options_.where->matches(filter::RecordView{*record, &names_})) flow.verdict = Verdict::Wanted;
  flow::drop_belongings({&*record, 1});
}

void PacketHold::see(std::span<const flow::FlowRecord> records) noexcept {
  for (const flow::FlowRecord& record : records) {
    const bool is_event = record.event != nullptr;
    if (!is_event && !record.is_final()) continue;
    if (is_event && record.event->learned) continue;
    const bool matches =
        options_.where == nullptr || options_.where->matches(filter::RecordView{record, &names_});
    if (!is_event) {
      taker_.on_final(record);
      on_final(record, matches);
      continue;
    }
    const auto found = flows_.find({record.flow_id, record.continuation});
    if (!matches || found == flows_.end()) continue;
    found->second->by_event = true;
    found->second->verdict = Verdict::Wanted;
  }
}

void PacketHold::on_final(const flow::FlowRecord& record, bool matches) noexcept {
  const auto found = flows_.find({record.flow_id, record.continuation});
  if (found == flows_.end()) return;
  Flow& flow = *found->second;
  matches = matches || flow.by_event;
  if (flow.early)
    (matches ? let_go_wrongly_ : passed_wrongly_).add(matches ? flow.let_go : flow.passed_on);
  flow.verdict = matches ? Verdict::Wanted : Verdict::LetGo;
  flows_.erase(found);
}

void PacketHold::on_idle() {
  drain();
  if (shard_ != nullptr) stay_within_bounds(*shard_);
  taker_.on_idle();
}

void PacketHold::finish() noexcept {
  for (Packet& packet : fresh_)
    keep(std::move(packet));
  fresh_.clear();
  for (Packet& packet : waiting_) {
    const Verdict verdict = verdict_of(packet);
    settle(packet, verdict == Verdict::Open ? Verdict::LetGo : verdict);
  }
  waiting_.clear();
  bytes_ = 0;
}

PacketHoldTotals PacketHold::totals() const noexcept {
  PacketHoldTotals totals{.seen = 0,
                          .passed_on = passed_on_.get(),
                          .let_go_no_flow = no_flow_.get(),
                          .let_go_other_flows = other_flows_.get(),
                          .held = 0,
                          .flows_decided_early = early_.get(),
                          .passed_on_wrongly = passed_wrongly_.get(),
                          .let_go_wrongly = let_go_wrongly_.get()};
  // Read last: what came meanwhile is held, not lost.
  totals.seen = seen_.get();
  totals.held = totals.seen - totals.passed_on - totals.let_go_no_flow - totals.let_go_other_flows;
  return totals;
}

}  // namespace pktana::engine
