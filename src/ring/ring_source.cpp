// SPDX-License-Identifier: Apache-2.0
#include "ring/ring_source.h"

#include <algorithm>
#include <ctime>

#include "base/clock.h"

namespace pktana::ring {
namespace {

/// After stop_intake(): a packet that passed the old filter is in the ring and counted by then.
constexpr int64_t kSettleNs = 10 * base::kNsPerMs;
constexpr int kDrainPollMs = 5;
/// The kernel hands over a block that is not full after 20 ms (RingGeometry::retire_ms).
constexpr int64_t kRetireNs = 200 * base::kNsPerMs;

void sleep_ms(int64_t ms) noexcept {
  const timespec pause{ms / 1000, ms % 1000 * base::kNsPerMs};
  ::nanosleep(&pause, nullptr);
}

}  // namespace

void add_to(std::vector<SourceStatistics>& sources, const SourceStatistics& more) {
  for (SourceStatistics& source : sources) {
    if (source.source_id != more.source_id) continue;
    source.ring.packets += more.ring.packets;
    source.ring.drops += more.ring.drops;
    source.ring.freezes += more.ring.freezes;
    return;
  }
  sources.push_back(more);
}

RingSource::RingSource(std::vector<PacketRing> rings) : rings_(std::move(rings)) { watch_rings(); }

void RingSource::watch_rings() {
  polls_.clear();
  for (const PacketRing& ring : rings_)
    polls_.push_back({.fd = ring.fd(), .events = POLLIN, .revents = 0});
  turn_ = 0;
}

void RingSource::add(PacketRing ring) {
  const std::lock_guard lock(changes_mutex_);
  added_.push_back(std::move(ring));
  has_changes_.store(true, std::memory_order_release);
}

void RingSource::retire(uint16_t source_id) {
  const std::lock_guard lock(changes_mutex_);
  to_retire_.push_back(source_id);
  has_changes_.store(true, std::memory_order_release);
}

/// Retired are the rings that are there, not those which come later under the same number.
void RingSource::apply_changes() {
  const std::lock_guard lock(changes_mutex_);
  has_changes_.store(false, std::memory_order_relaxed);
  for (const uint16_t source_id : to_retire_)
    for (PacketRing& ring : rings_)
      if (ring.source_id() == source_id && !ring.is_retired()) ring.retire(base::monotonic_ns());
  to_retire_.clear();
  for (PacketRing& ring : added_) {
    if (keeps_read_) ring.keep_read_blocks();
    if (stopped_ns_) ring.stop();
    rings_.push_back(std::move(ring));
  }
  added_.clear();
  watch_rings();
}

/// A ring without an interface has had all its packets a retire time after that.
void RingSource::close_retired() noexcept {
  const int64_t now_ns = base::monotonic_ns();
  const auto is_over = [&](PacketRing& ring) {
    if (!ring.is_retired() || now_ns - ring.retired_ns() < kRetireNs) return false;
    const RingStatistics counted = ring.read_statistics();
    closed_.packets += counted.packets;
    closed_.drops += counted.drops;
    closed_.freezes += counted.freezes;
    closed_delivered_ += ring.delivered();
    add_to(closed_by_source_, {.source_id = ring.source_id(), .ring = counted});
    return true;
  };
  const auto first = std::remove_if(rings_.begin(), rings_.end(), is_over);
  if (first == rings_.end()) return;
  rings_.erase(first, rings_.end());
  watch_rings();
}

void RingSource::keep_read_blocks() noexcept {
  keeps_read_ = true;
  for (PacketRing& ring : rings_)
    ring.keep_read_blocks();
}

void RingSource::return_read() noexcept {
  for (PacketRing& ring : rings_)
    ring.return_read();
}

double RingSource::kept_share() const noexcept {
  double share = 0;
  for (const PacketRing& ring : rings_)
    share = std::max(share, static_cast<double>(ring.kept_blocks()) / ring.block_count());
  return share;
}

std::optional<double> RingSource::fill() const {
  double fill = 0;
  for (const PacketRing& ring : rings_)
    fill = std::max(fill, static_cast<double>(ring.taken_blocks()) / ring.block_count());
  return fill;
}

std::vector<RingSource::Position> RingSource::positions() const {
  std::vector<Position> positions;
  for (const PacketRing& ring : rings_)
    positions.push_back({.source_id = ring.source_id(), .fd = ring.fd(), .at = ring.position()});
  return positions;
}

base::Result<Batch> RingSource::next_batch() {
  if (block_ && block_->left() > 0) return deliver();
  block_.reset();
  if (has_changes_.load(std::memory_order_acquire)) [[unlikely]]
    apply_changes();
  if (ended_) return Batch{.packets = {}, .state = Batch::State::End};
  if (lease_block()) return deliver();
  if (stopped_ns_ && drained()) {
    ended_ = true;
    return Batch{.packets = {}, .state = Batch::State::End, .lossy = take_loss()};
  }
  wait(stopped_ns_ ? kDrainPollMs : kPollMs);
  if (lease_block()) return deliver();
  for (PacketRing& ring : rings_)
    ring.read_statistics();
  close_retired();
  return Batch{.packets = {}, .state = Batch::State::Idle, .lossy = take_loss()};
}

bool RingSource::lease_block() noexcept {
  for (size_t i = 0; i < rings_.size(); ++i) {
    PacketRing& ring = rings_[turn_];
    turn_ = turn_ + 1 == rings_.size() ? 0 : turn_ + 1;
    if (auto block = ring.try_block()) {
      if (block->is_losing()) [[unlikely]]
        ring.read_statistics();
      lossy_ = take_loss() || block->is_losing();
      block_.emplace(std::move(*block));
      return true;
    }
  }
  return false;
}

Batch RingSource::deliver() noexcept {
  const size_t count = block_->take(packets_);
  return {.packets = {packets_.data(), count}, .state = Batch::State::Ready, .lossy = lossy_};
}

void RingSource::wait(int timeout_ms) noexcept {
  const int64_t until = base::monotonic_ns() + timeout_ms * base::kNsPerMs;
  bool failed_before = false;
  while (true) {
    const int64_t left_ms = std::max<int64_t>(0, until - base::monotonic_ns()) / base::kNsPerMs;
    if (::poll(polls_.data(), polls_.size(), static_cast<int>(left_ms)) <= 0) return;
    bool failed = false;
    for (size_t i = 0; i < polls_.size(); ++i) {
      if ((polls_[i].revents & POLLIN) != 0) return;
      if ((polls_[i].revents & POLLERR) == 0) continue;
      rings_[i].take_error();
      failed = true;
    }
    // An interface that went down says so once. Whatever else may come up again and again must not
    // make us spin.
    if (!failed || failed_before) return sleep_ms(left_ms);
    failed_before = true;
  }
}

bool RingSource::drained() noexcept {
  const int64_t since_ns = base::monotonic_ns() - *stopped_ns_;
  if (since_ns < kSettleNs) return false;
  bool all = true;
  for (PacketRing& ring : rings_) {
    const RingStatistics counted = ring.read_statistics();
    all &= ring.delivered() == counted.packets - counted.drops;
  }
  return all || since_ns >= kDrainMs * base::kNsPerMs;
}

void RingSource::stop_intake() noexcept {
  if (stopped_ns_) return;
  for (PacketRing& ring : rings_)
    ring.stop();
  stopped_ns_ = base::monotonic_ns();
}

std::optional<RingStatistics> RingSource::statistics() {
  if (!ended_)
    for (PacketRing& ring : rings_)
      ring.read_statistics();
  return sum();
}

std::vector<SourceStatistics> RingSource::statistics_by_source() const {
  std::vector<SourceStatistics> sources = closed_by_source_;
  for (const PacketRing& ring : rings_)
    add_to(sources, {.source_id = ring.source_id(), .ring = ring.statistics()});
  return sources;
}

RingStatistics RingSource::sum() const noexcept {
  RingStatistics sum = closed_;
  for (const PacketRing& ring : rings_) {
    sum.packets += ring.statistics().packets;
    sum.drops += ring.statistics().drops;
    sum.freezes += ring.statistics().freezes;
  }
  return sum;
}

bool RingSource::take_loss() noexcept {
  const uint64_t drops = sum().drops;
  const bool lost = drops != drops_told_;
  drops_told_ = drops;
  return lost;
}

uint64_t RingSource::delivered() const noexcept {
  uint64_t sum = closed_delivered_;
  for (const PacketRing& ring : rings_)
    sum += ring.delivered();
  return sum;
}

}  // namespace pktana::ring
