// SPDX-License-Identifier: Apache-2.0
#include "engine/worker.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/clock.h"
#include "engine/packet_frame.h"
#include "flow/icmp_pairs.h"
#include "flow/plain_flow_packet.h"

namespace pktana::engine {
namespace {

/// For a listing of live flows, after each batch: little while packets wait.
constexpr int64_t kListingBusyNs = 500 * base::kNsPerUs;
constexpr int64_t kListingIdleNs = 10 * base::kNsPerMs;
constexpr uint32_t kWholeTable = std::numeric_limits<uint32_t>::max();
/// Slots swept per packet at most, when packet time runs faster than the clock on the wall (capture
/// files).
constexpr uint32_t kSweptPerPacket = 2;
/// The rings of several interfaces are drained in turn: what the other one has delivered may be
/// ahead by about so much.
constexpr int64_t kRingsApartNs = base::kNsPerSecond;
/// Packets of a group between the one that is counted and the one whose blocks are fetched.
constexpr size_t kBesideAhead = 8;
constexpr auto kSnapshotPatience = std::chrono::seconds(2);

}  // namespace

base::Result<std::unique_ptr<Worker>> Worker::create(const WorkerOptions& options,
                                                     flow::RecordHandoff& handoff) {
  flow::ShardOptions shard_options = options.shard;
  if (!options.track_flows) shard_options.max_flows = 1;
  if (options.app != nullptr) shard_options.hook = options.app;
  auto shard = flow::FlowShard::create(shard_options, handoff);
  if (!shard) return base::Unexpected(shard.error());
  std::optional<FragmentStage> fragments;
  if (options.track_flows) {
    auto stage = FragmentStage::create({.decode = options.decode,
                                        .key = options.key,
                                        .secret = options.shard.secret,
                                        .outer_too = options.outer_too});
    if (!stage) return base::Unexpected(stage.error());
    fragments = std::move(*stage);
  }
  return std::unique_ptr<Worker>(new Worker(options, std::move(*shard), std::move(fragments)));
}

Worker::Worker(const WorkerOptions& options, flow::FlowShard shard,
               std::optional<FragmentStage> fragments)
    : options_(options),
      share_({.index = options.share_index,
              .count = options.share_count,
              .by_hosts = options.app != nullptr,
              .secret = options.shard.secret,
              .key = options.key,
              .decode = options.decode}),
      shard_(std::move(shard)),
      fragments_(std::move(fragments)),
      outer_options_(options.decode) {
  // Of a packet that a filter rejects, or that a limit counts, every worker must know.
  picks_ = !share_.is_all() && options.track_flows && options.filter == nullptr &&
           options.packet_limit == 0;
  outer_options_.tunnels = parse::Tunnels::Outer;
  // An observer is shown the layers of each packet.
  takes_plain_ = options.observer == nullptr && options.track_flows;
  const bool wants = options.observer != nullptr && options.track_flows;
  if (wants && options.observer->wants_flows()) flow_observer_ = options.observer;
}

base::Result<void> Worker::run(ring::PacketSource& source, const std::atomic<bool>& stop) {
  live_ = source.statistics().has_value();
  bool stopping = false;
  while (!may_leave()) {
    // Rings that are handed over go on taking packets in.
    const bool handing_over = leaving_.load(std::memory_order_relaxed);
    const bool enough = !handing_over && (stop.load(std::memory_order_relaxed) || limit_reached());
    if (enough && !live_) break;
    if (enough && !stopping) {
      source.stop_intake();
      stopping = true;
    }
    beats_.add(1);
    auto batch = source.next_batch();
    if (!batch) return base::Unexpected(batch.error());
    if (batch->lossy) [[unlikely]]
      note_loss(*batch);
    if (picks_)
      process_own_of(batch->packets);
    else
      process(batch->packets);
    on_pause(*batch);
    if (options_.keeper != nullptr) keep_if_due();
    if (snapshot_wanted_.load(std::memory_order_relaxed)) answer_snapshot(&source);
    if (has_listing_.load(std::memory_order_relaxed)) [[unlikely]]
      go_on_listing(batch->state == ring::Batch::State::Idle);
    if (batch->state == ring::Batch::State::End) break;
  }
  ring_ = source.statistics();
  sources_ = source.statistics_by_source();
  return {};
}

/// Before the batch is counted, so that flows that end in it say so too.
void Worker::note_loss(const ring::Batch& batch) noexcept {
  const bool empty = batch.packets.empty();
  const int64_t to_ns = empty ? base::realtime_ns() : batch.packets.back().ts_ns;
  const int64_t since_ns = last_ns_ == 0 ? to_ns : std::min(last_ns_, to_ns);
  shard_.note_loss(since_ns - kRingsApartNs, to_ns);
}

// PERF NOTE: a group is counted when the next one has been decoded: until then its entries come.
// With plain packets read directly, 10 M packets in 1 M flows took 2.55 s of CPU instead of 2.71.
void Worker::process(std::span<const ring::PacketRef> packets) noexcept {
  PacketGroup* waiting = nullptr;
  while (!packets.empty()) {
    PacketGroup& group = groups_[waiting == groups_.data() ? 1 : 0];
    take(packets, group);
    packets = packets.subspan(group.refs.size());
    if (waiting != nullptr) count(*waiting);
    for (size_t i = 0; i < group.count; ++i)
      shard_.prefetch_entry(group.packet[i]);
    waiting = &group;
    if (!group.at_fragment && options_.observer == nullptr) continue;
    count(group);
    waiting = nullptr;
  }
  if (waiting != nullptr) count(*waiting);
}

void Worker::process_own_of(std::span<const ring::PacketRef> packets) noexcept {
  while (!packets.empty()) {
    const Share::Pick pick = share_.pick(packets, shard_.now_ns());
    process(pick.own);
    if (pick.own.size() < pick.taken) {
      first_ns_ = std::min(first_ns_, packets.front().ts_ns);
      last_ns_ = std::max(last_ns_, packets[pick.taken - 1].ts_ns);
      shard_.see(packets[pick.taken - 1].ts_ns);
    }
    packets = packets.subspan(pick.taken);
  }
}

void Worker::take(std::span<const ring::PacketRef> packets, PacketGroup& group) noexcept {
  const size_t most = std::min(packets.size(), PacketGroup::kSize);
  size_t taken = 0;
  group.count = 0;
  group.quote_count = 0;
  group.at_fragment = false;
  while (taken < most && !group.at_fragment) {
    const uint8_t put = classify(packets[taken], group);
    group.at_fragment = put == kIsFragment;
    group.in_flow[taken] = group.at_fragment ? uint8_t{0} : put;
    if (quotes_icmp_) [[unlikely]]
      keep_quote(taken, group);
    for (const size_t end = group.count + group.in_flow[taken]; group.count < end; ++group.count)
      shard_.prefetch_index(group.packet[group.count]);
    ++taken;
  }
  group.refs = packets.first(taken);
}

void Worker::count(PacketGroup& group) noexcept {
  shard_.prefetch_hooked(std::span(group.packet).first(group.count));
  const size_t ahead = std::min(group.count, kBesideAhead);
  for (size_t i = 0; i < ahead; ++i)
    shard_.prefetch_beside(group.packet[i]);
  size_t next = 0;
  size_t quote = 0;
  for (size_t i = 0; i < group.refs.size(); ++i) {
    // The time of every packet counts, also of those that are another worker's: the clock must not
    // depend on how many share the work.
    shard_.see(group.refs[i].ts_ns);
    for (uint8_t j = 0; j < group.in_flow[i]; ++j, ++next) {
      if (next + ahead < group.count) shard_.prefetch_beside(group.packet[next + ahead]);
      shard_.update_seen(group.packet[next]);
      tell_flow(group.packet[next], j > 0);
    }
    if (quote < group.quote_count && group.quote[quote].first == i) [[unlikely]]
      shard_.note_icmp_error(group.quote[quote++].second);
  }
  if (group.at_fragment) take_fragment(group.refs.back(), group);
  if (flow_observer_ != nullptr) [[unlikely]]
    flow_observer_->on_group_end(shard_);
}

uint8_t Worker::classify(const ring::PacketRef& ref, PacketGroup& group) noexcept {
  quotes_icmp_ = false;
  first_ns_ = std::min(first_ns_, ref.ts_ns);
  last_ns_ = std::max(last_ns_, ref.ts_ns);
  const bool first_share = share_.is_first();
  if (limit_reached()) {
    // A file is simply not read on; what the kernel had handed over must be accounted for.
    totals_.captured += live_;
    totals_.over_limit += live_;
    return 0;
  }
  if (!passes_filter(ref)) {
    totals_.captured += first_share;
    totals_.filtered_out += first_share;
    return 0;
  }
  ++passed_;
  parse::PlainPacket plain;
  if (takes_plain_ && parse::read_plain(frame_of(ref), options_.decode, plain)) [[likely]]
    return put_plain(ref, plain, group.packet[group.count]);
  parse::decode(frame_of(ref), options_.decode, packet_);
  if (packet_.verdict == parse::Verdict::Ip && options_.track_flows)
    return put_in_group(ref, group);
  if (!first_share) return 0;
  ++totals_.captured;
  totals_.captured_bytes += ref.wire_len;
  observe(ref);
  if (packet_.verdict == parse::Verdict::Ip) count_decoded(packet_);
  count_not_flow(packet_, 1);
  return 0;
}

inline bool Worker::put_plain(const ring::PacketRef& ref, const parse::PlainPacket& plain,
                              flow::FlowPacket& out) noexcept {
  flow::make_flow_packet(plain, meta_of(ref, 0), shard_.secret(), out);
  if (!share_.has(out.key, out.hash)) return false;
  ++totals_.captured;
  totals_.captured_bytes += ref.wire_len;
  ++totals_.in_flows;
  ++(plain.ip_version == 4 ? totals_.ipv4 : totals_.ipv6);
  ++(plain.protocol == flow::kProtocolTcp ? totals_.tcp : totals_.udp);
  return true;
}

uint8_t Worker::put_in_group(const ring::PacketRef& ref, PacketGroup& group) noexcept {
  flow::FlowPacket* const out = &group.packet[group.count];
  if (packet_.fragment != parse::Fragment::None) [[unlikely]]
    return kIsFragment;
  flow::make_flow_packet(packet_, meta_of(ref, observed_ + 1), options_.key, shard_.secret(), *out);
  quotes_icmp_ = flow::is_icmp_error(packet_);
  quote_domain_ = out->key.domain;
  uint8_t put = 0;
  if (share_.has(out->key, out->hash)) {
    ++totals_.captured;
    totals_.captured_bytes += ref.wire_len;
    observe(ref);
    ++totals_.in_flows;
    count_decoded(packet_);
    if (flow::is_encapsulated(packet_)) [[unlikely]]
      keep_encapsulation(packet_, *out, group);
    put = 1;
  }
  if (options_.outer_too && has_outer_ip(packet_)) put += put_outer(ref, out[put], group);
  return put;
}

bool Worker::put_outer(const ring::PacketRef& ref, flow::FlowPacket& out,
                       PacketGroup& group) noexcept {
  parse::decode(frame_of(ref), outer_options_, outer_);
  if (outer_.verdict != parse::Verdict::Ip) return false;
  flow::make_flow_packet(outer_, meta_of(ref, observed_), options_.key, shard_.secret(), out);
  if (!share_.has(out.key, out.hash)) return false;
  if (flow::is_encapsulated(outer_)) keep_encapsulation(outer_, out, group);
  ++totals_.outer_again;
  return true;
}

void Worker::take_fragment(const ring::PacketRef& ref, PacketGroup& group) noexcept {
  observe(ref);
  if (share_.is_first()) count_decoded(packet_);
  if (options_.outer_too && has_outer_ip(packet_) && put_outer(ref, group.packet[0], group)) {
    shard_.update_seen(group.packet[0]);
    tell_flow(group.packet[0], true);
  }
  fragments_->take(packet_, meta_of(ref, observed_), shard_.now_ns(), *this);
}

void Worker::count_fragments(const flow::FlowPacket& packet) noexcept {
  if (!share_.has(packet.key, packet.hash)) return;
  totals_.captured += packet.packets;
  totals_.captured_bytes += packet.wire_len;
  totals_.in_flows += packet.packets;
  shard_.update_late(packet);
  tell_flow(packet, false);
}

void Worker::count_outer(const flow::FlowPacket& packet) noexcept {
  if (!share_.has(packet.key, packet.hash)) return;
  totals_.outer_again += packet.packets;
  shard_.update_late(packet);
  tell_flow(packet, true);
}

void Worker::join_frames(uint64_t number, uint64_t with) noexcept {
  if (flow_observer_ != nullptr) flow_observer_->on_joined(number, with);
}

void Worker::count_undecodable(const parse::Packet& packet,
                               const flow::FlowPacket& frames) noexcept {
  if (flow_observer_ != nullptr) flow_observer_->on_not_counted(frames.number);
  if (!share_.is_first()) return;
  totals_.captured += frames.packets;
  totals_.captured_bytes += frames.wire_len;
  count_not_flow(packet, frames.packets);
}

void Worker::observe(const ring::PacketRef& ref) noexcept {
  if (options_.observer == nullptr) return;
  ++observed_;
  options_.observer->on_packet(ref, packet_);
}

bool Worker::passes_filter(const ring::PacketRef& ref) noexcept {
  if (options_.filter == nullptr) return true;
  const filter::Frame frame{.captured = {ref.data, ref.captured_len},
                            .wire_len = ref.wire_len,
                            .vlan_tpid = ref.vlan_tpid,
                            .vlan_tci = ref.vlan_tci};
  return options_.filter->matches(ref.link_type, frame);
}

void Worker::keep_encapsulation(const parse::Packet& packet, flow::FlowPacket& out,
                                PacketGroup& group) noexcept {
  if (options_.shard.encapsulations == nullptr) return;
  flow::Encapsulation& kept = group.around_of(out);
  flow::copy_encapsulation(packet, kept);
  out.encapsulation = &kept;
}

void Worker::keep_quote(size_t place, PacketGroup& group) noexcept {
  const auto quote = flow::read_icmp_quote(packet_, quote_domain_, options_.key, shard_.secret());
  if (quote && share_.has(quote->key, quote->hash))
    group.quote[group.quote_count++] = {place, *quote};
}

void Worker::count_decoded(const parse::Packet& packet) noexcept {
  if (packet.ip_version == 4)
    ++totals_.ipv4;
  else
    ++totals_.ipv6;
  switch (packet.protocol) {
    case flow::kProtocolTcp:
      ++totals_.tcp;
      break;
    case flow::kProtocolUdp:
      ++totals_.udp;
      break;
    case flow::kProtocolIcmp:
      ++totals_.icmpv4;
      break;
    case flow::kProtocolIcmpv6:
      ++totals_.icmpv6;
      break;
    case flow::kProtocolSctp:
      ++totals_.sctp;
      break;
    default:
      break;
  }
  totals_.vlan += packet.vlan_count == 1;
  totals_.vlan_qinq += packet.vlan_count > 1;
  totals_.fragments += packet.fragment != parse::Fragment::None;
}

void Worker::count_not_flow(const parse::Packet& packet, uint64_t frames) noexcept {
  switch (packet.verdict) {
    case parse::Verdict::Ip:
      totals_.untracked += frames;
      break;
    case parse::Verdict::NonIp:
      totals_.non_ip[static_cast<size_t>(packet.non_ip)] += frames;
      break;
    case parse::Verdict::Undecodable:
      totals_.undecodable[static_cast<size_t>(packet.layer)][static_cast<size_t>(packet.error)] +=
          frames;
      break;
  }
}

void Worker::on_pause(const ring::Batch& batch) noexcept {
  const bool idle = batch.state == ring::Batch::State::Idle;
  if (idle) shard_.advance(base::realtime_ns());
  if (fragments_) fragments_->expire(shard_.now_ns(), *this);
  const auto packets = static_cast<uint32_t>(batch.packets.size());
  shard_.sweep(idle ? kWholeTable : packets * kSweptPerPacket);
  if (live_) shard_.flush();
  if (idle && options_.observer != nullptr) options_.observer->on_idle();
}

bool Worker::may_leave() const noexcept {
  // A block that is lent out is taken to its end: a commit speaks of whole blocks.
  return leaving_.load(std::memory_order_relaxed) && options_.keeper->can_commit();
}

void Worker::keep_if_due() {
  if (!options_.keeper->is_due()) return;
  shard_.flush();
  options_.keeper->commit(shard_);
}

void Worker::finish_for_next() {
  shard_.flush();
  options_.keeper->commit(shard_);
  say_final();
}

void Worker::finish() {
  list_flows(nullptr);
  if (fragments_) fragments_->finish(*this);
  shard_.end_all();
  shard_.flush();
  // Without it the next process would find flows that have ended.
  if (options_.keeper != nullptr) options_.keeper->commit(shard_);
  say_final();
}

void Worker::say_final() {
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = take_snapshot(nullptr);
  finished_ = true;
  snapshot_ready_.notify_all();
}

WorkerSnapshot Worker::take_snapshot(ring::PacketSource* source) {
  if (source != nullptr && live_) {
    ring_ = source->statistics();
    sources_ = source->statistics_by_source();
  }
  PacketTotals packets = totals_;
  if (fragments_ && share_.is_first()) {
    // Every worker of a file run holds them: one speaks of them.
    packets.captured += fragments_->held_frames();
    packets.captured_bytes += fragments_->held_bytes();
    packets.fragments_waiting = fragments_->held_frames();
    packets.reassembly = fragments_->totals();
  }
  return {.packets = packets,
          .flows = shard_.totals(),
          .live_flows = shard_.live(),
          .live_packets = shard_.live_packets(),
          .ring = ring_,
          .app = options_.app == nullptr ? std::nullopt : std::optional(options_.app->totals()),
          .sources = sources_,
          .ring_fill = source != nullptr && live_ ? source->fill() : std::nullopt,
          .first_packet_ns = last_ns_ == 0 ? 0 : first_ns_,
          .last_packet_ns = last_ns_};
}

void Worker::list_flows(std::shared_ptr<ListingSlice> slice) {
  const std::lock_guard lock(listing_mutex_);
  if (listing_ != nullptr) listing_->finish(false);
  listing_ = std::move(slice);
  has_listing_.store(listing_ != nullptr, std::memory_order_relaxed);
}

void Worker::go_on_listing(bool idle) noexcept {
  const std::lock_guard lock(listing_mutex_);
  if (!listing_->step(shard_, idle ? kListingIdleNs : kListingBusyNs)) return;
  listing_.reset();
  has_listing_.store(false, std::memory_order_relaxed);
}

void Worker::answer_snapshot(ring::PacketSource* source) {
  // Records in the shard's bundle count as handed over: let them be so.
  shard_.flush();
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = take_snapshot(source);
  ++snapshots_taken_;
  snapshot_wanted_.store(false, std::memory_order_relaxed);
  snapshot_ready_.notify_all();
}

uint64_t Worker::ask_for_snapshot() {
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_wanted_.store(true, std::memory_order_relaxed);
  return snapshots_taken_;
}

WorkerSnapshot Worker::snapshot(uint64_t asked) {
  std::unique_lock lock(snapshot_mutex_);
  snapshot_ready_.wait_for(lock, kSnapshotPatience,
                           [&] { return finished_ || snapshots_taken_ != asked; });
  return snapshot_;
}

}  // namespace pktana::engine
