// SPDX-License-Identifier: Apache-2.0
#include "engine/worker_keeper.h"

#include <cerrno>

#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"

namespace pktana::engine {
namespace {

constexpr size_t kCountsBytes = 4096;
constexpr double kMostKept = 0.5;    ///< share of a ring that waits for a commit at most
constexpr int64_t kMostOfTime = 20;  ///< commits take one part in so many
constexpr auto kMostCounts = static_cast<uint32_t>(kCountsBytes / sizeof(ring::RingStatistics));

/// What the next process can read of a record: nothing that refers to memory of this one.
flow::FlowRecord plain(const flow::FlowRecord& record) noexcept {
  flow::FlowRecord copy = record;
  copy.encapsulation = flow::EncapsulationTable::kNone;
  copy.app_proto = nullptr;
  copy.app = nullptr;
  copy.event = nullptr;
  return copy;
}

bool put_all(int file, base::Bytes bytes, off_t at) noexcept {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file, bytes.data(), bytes.size(), at);
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(put));
    at += put;
  }
  return true;
}

}  // namespace

base::Result<std::unique_ptr<WorkerKeeper>> WorkerKeeper::create(const KeepOptions& options,
                                                                 flow::RecordHandoff& next) {
  std::unique_ptr<WorkerKeeper> keeper(new WorkerKeeper(options, next));
  for (base::Fd& file : keeper->files_) {
    file = base::Fd(::memfd_create("pktana-state", MFD_CLOEXEC));
    if (!file) return base::fail(errno, "memfd_create", "state for the next process");
  }
  const int counts = keeper->files_[kCountsFile].get();
  if (::ftruncate(counts, kCountsBytes) != 0) return base::fail(errno, "ftruncate", "state");
  auto mapped = base::Mapping::shared(counts, kCountsBytes);
  if (!mapped) return base::Unexpected(mapped.error());
  keeper->counts_ = std::move(*mapped);
  return keeper;
}

void WorkerKeeper::set_source(ring::RingSource& source, std::vector<std::string> names) {
  source_ = &source;
  names_ = std::move(names);
  if (options_.exact) source.keep_read_blocks();
}

void WorkerKeeper::keep_counts(ring::PacketRing& ring) noexcept {
  if (counts_used_ == kMostCounts) return;
  ring.keep_counts(static_cast<ring::RingStatistics*>(counts_.data()) + counts_used_, counts_used_);
  ++counts_used_;
}

void WorkerKeeper::hand_over(std::span<const flow::FlowRecord> records) noexcept {
  if (!options_.exact) return next_.hand_over(records);
  held_.insert(held_.end(), records.begin(), records.end());
}

bool WorkerKeeper::is_due() const noexcept {
  if (!source_->is_between_blocks()) return false;
  const int64_t since_ns = base::monotonic_ns() - committed_ns_;
  if (options_.exact && source_->kept_share() >= kMostKept) return true;
  if (since_ns < options_.interval_ns || since_ns < kMostOfTime * cost_ns_) return false;
  if (handed_.load(std::memory_order_relaxed) == 0) return true;
  return !held_.empty() || source_->delivered() != delivered_;
}

void WorkerKeeper::commit(const flow::FlowShard& shard) {
  const int64_t began_ns = base::monotonic_ns();
  source_->end_block();
  while (!kept_.empty() && kept_.front().epoch <= acknowledged_.load(std::memory_order_relaxed))
    kept_.pop_front();
  write(shard);
  release_records();
  source_->return_read();
  delivered_ = source_->delivered();
  committed_ns_ = base::monotonic_ns();
  cost_ns_ = committed_ns_ - began_ns;
}

void WorkerKeeper::write(const flow::FlowShard& shard) {
  ++epoch_;
  for (const flow::FlowRecord& record : held_)
    if (record.is_final()) kept_.push_back({.epoch = epoch_, .record = plain(record)});
  while (kept_.size() > kMostRecords)
    kept_.pop_front();
  writer_.clear();
  KeptHeader header{.layout = kept_layout(), .epoch = 0};
  writer_.put(header);
  writer_.put_text(options_.setup);
  writer_.put(static_cast<uint32_t>(names_.size()));
  for (const std::string& name : names_)
    writer_.put_text(name);
  std::vector<KeptState::Ring> rings;
  for (const ring::RingSource::Position& position : source_->positions())
    if (position.source_id < names_.size())
      rings.push_back({.interface = names_[position.source_id], .at = position.at});
  put_rings(writer_, rings);
  writer_.put(static_cast<uint32_t>(kept_.size()));
  for (const Kept& one : kept_)
    writer_.put(one.record);
  const size_t place = writer_.size();
  writer_.put(uint64_t{0});
  shard.save(writer_);
  writer_.put_at(place, uint64_t{writer_.size() - place - sizeof(uint64_t)});
  // A header that vouches for nothing, then what it will vouch for, then its word.
  const int file = files_[epoch_ % kCountsFile].get();
  bool good = put_all(file, writer_.bytes(), 0);
  header.epoch = epoch_;
  header.size = writer_.size() - sizeof header;
  writer_.clear();
  writer_.put(header);
  good = good && put_all(file, writer_.bytes(), 0);
  // Without memory for it the next process finds the commit before, and repeats what came since.
  if (!good) kept_.clear();
}

void WorkerKeeper::release_records() {
  if (!held_.empty()) next_.hand_over(held_);
  held_.clear();
  handed_.store(epoch_, std::memory_order_release);
}

}  // namespace pktana::engine
