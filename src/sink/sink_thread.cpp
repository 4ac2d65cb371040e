// SPDX-License-Identifier: Apache-2.0
#include "sink/sink_thread.h"

#include <algorithm>
#include <cassert>

#include "base/clock.h"
#include "sink/quiet_thread.h"

namespace pktana::sink {
namespace {

constexpr size_t kFileWakeRecords = 1024;  ///< files: a batch is worth more than a moment
constexpr int kScanPollMs = 5000;          ///< live: scans end when nothing comes, too
constexpr int kFilePollMs = 50;            ///< and what is no batch waits this long at most

size_t wake_at(const SinkOptions& options) noexcept {
  if (options.live) return 1;
  return std::max<size_t>(1, std::min(kFileWakeRecords, options.queue_records / 2));
}

uint64_t settled(const OutputTotals& output) noexcept {
  return output.written + output.not_wanted + output.not_matching;
}

OutputTotals totals_of(const OutputChannel& channel, const std::string& path) {
  const DeliveryCounts counts = channel.delivery().counts();
  return {.path = path,
          .takes_flows = channel.takes_flows(),
          .written = counts.written,
          .not_wanted = channel.not_wanted(),
          .not_matching = channel.not_matching(),
          .dropped_disk_full = counts.dropped_disk_full,
          .dropped_output_slow = counts.dropped_output_slow,
          .dropped_sink_down = counts.dropped_sink_down,
          .bytes_written = counts.bytes_written,
          .health = channel.delivery().health()};
}

/// The output that has written least speaks for all.
const OutputTotals* worst(const std::vector<OutputTotals>& outputs) noexcept {
  const OutputTotals* found = nullptr;
  for (const OutputTotals& output : outputs)
    if (output.takes_flows && (found == nullptr || settled(output) < settled(*found)))
      found = &output;
  return found;
}

/// Gives all that the sorter holds to `put`, in order.
template <typename Put>
void empty(RecordSorter& sorter, const Put& put) {
  for (auto sorted = sorter.take(); !sorted.empty(); sorted = sorter.take())
    put(sorted);
}

/// Adds to the sorter. Where that has no room, what it holds goes out first: sorted in pieces is
/// better than lost, and finish() tells of it.
template <typename Put>
void keep(RecordSorter& sorter, std::span<const flow::FlowRecord> records, const Put& put) {
  if (sorter.add(records)) return;
  empty(sorter, put);
  [[maybe_unused]] const bool added = sorter.add(records);
  assert(added);
}

}  // namespace

SinkThread::SinkThread(SinkOptions options, std::unique_ptr<LogKeeper> keeper,
                       std::vector<std::unique_ptr<OutputChannel>> channels,
                       std::unique_ptr<ScanStage> scans)
    : options_(std::move(options)),
      keeper_(std::move(keeper)),
      channels_(std::move(channels)),
      scans_(std::move(scans)) {
  shared_.wake_at = wake_at(options_);
  shared_.wait_when_full = options_.wait_when_full;
  if (options_.sort) sorter_ = RecordSorter::create({});
  if (options_.sort && options_.scans && options_.scans->fold)
    sorter_behind_scans_ = RecordSorter::create({});
  shared_.encapsulations = options_.encapsulations;
  if (options_.names) names_.emplace(*options_.names);
}

SinkThread::~SinkThread() { (void)finish(); }

base::Result<void> SinkThread::start() {
  if (options_.format_threads > 1) {
    auto crew = FormatCrew::start(options_.format_threads, channels_, options_.encapsulations);
    if (!crew) return base::Unexpected(crew.error());
    crew_ = std::move(*crew);
  }
  auto thread = start_quiet_thread("pktana-sink", [this] { run(); });
  if (!thread) return base::Unexpected(thread.error());
  thread_ = std::move(*thread);
  return {};
}

std::unique_ptr<flow::RecordHandoff> SinkThread::make_producer() {
  auto queue = std::make_unique<WorkerQueue>(shared_, options_.queue_records);
  auto handoff = std::make_unique<QueueHandoff>(*queue);
  {
    const std::lock_guard lock(queues_mutex_);
    queues_.push_back(std::move(queue));
    queue_count_.store(queues_.size(), std::memory_order_release);
  }
  // The thread must not go to sleep without having seen it.
  has_orders_.store(true, std::memory_order_seq_cst);
  shared_.work.ring();
  return handoff;
}

void SinkThread::submit(StatsRecord record) {
  {
    const std::lock_guard lock(orders_mutex_);
    orders_.stats.push_back(std::move(record));
    has_orders_.store(true, std::memory_order_seq_cst);
  }
  shared_.work.ring();
}

void SinkThread::rotate() noexcept {
  for (const auto& channel : channels_)
    channel->delivery().rotate();
}

void SinkThread::reopen() noexcept {
  for (const auto& channel : channels_)
    channel->delivery().reopen();
}

void SinkThread::drain() {
  std::unique_lock lock(orders_mutex_);
  const uint64_t ticket = ++orders_.drain_ticket;
  has_orders_.store(true, std::memory_order_seq_cst);
  shared_.work.ring();
  drained_.wait(lock, [&] { return drained_ticket_ >= ticket || shared_.ended.load(); });
}

void SinkThread::settle() {
  {
    const std::lock_guard lock(orders_mutex_);
    orders_.end_scans = true;
  }
  drain();
}

base::Result<void> SinkThread::finish() {
  const std::lock_guard lock(finish_mutex_);
  if (!finished_) finished_ = end();
  return *finished_;
}

base::Result<void> SinkThread::end() {
  {
    const std::lock_guard lock(orders_mutex_);
    orders_.stop = true;
    has_orders_.store(true, std::memory_order_seq_cst);
  }
  shared_.work.ring();
  if (thread_.joinable()) thread_.join();
  {
    const std::lock_guard lock(orders_mutex_);
    shared_.ended.store(true, std::memory_order_seq_cst);
  }
  drained_.notify_all();
  for (WorkerQueue* queue : queues())
    queue->release();
  base::Result<void> first;
  for (const auto& channel : channels_) {
    auto closed = channel->close();
    if (!closed && first) first = std::move(closed);
  }
  for (const RecordSorter* sorter : {sorter_.get(), sorter_behind_scans_.get()})
    if (sorter != nullptr && sorter->error() && first) first = base::Unexpected(*sorter->error());
  return first;
}

std::vector<WorkerQueue*> SinkThread::queues() const {
  const std::lock_guard lock(queues_mutex_);
  std::vector<WorkerQueue*> list;
  list.reserve(queues_.size());
  for (const auto& queue : queues_)
    list.push_back(queue.get());
  return list;
}

SinkTotals SinkThread::totals() const {
  SinkTotals totals;
  // Outputs first: a record written meanwhile is then in flight, not too many.
  const uint64_t passed = passed_.get();
  for (size_t i = 0; i < channels_.size(); ++i) {
    totals.outputs.push_back(totals_of(*channels_[i], options_.outputs[i].path));
    keeper_->add_to(totals.outputs.back().path, totals.outputs.back().health);
    totals.bytes_written += totals.outputs.back().bytes_written;
  }
  if (const OutputTotals* output = worst(totals.outputs)) {
    totals.written = output->written;
    totals.not_wanted = output->not_wanted;
    totals.not_matching = output->not_matching;
    totals.dropped_disk_full = output->dropped_disk_full;
    totals.dropped_output_slow = output->dropped_output_slow;
    totals.dropped_sink_down = output->dropped_sink_down;
  } else {
    totals.not_wanted = passed;
  }
  if (scans_ != nullptr && worst(totals.outputs) != nullptr) totals.folded = scans_->folded();
  if (names_ && worst(totals.outputs) != nullptr) totals.learned = names_->learned();
  const bool ended = shared_.ended.load();
  for (const WorkerQueue* queue : queues()) {
    totals.dropped_queue_full += queue->dropped_full();
    totals.dropped_sink_down += queue->dropped_late() + (ended ? queue->pending() : 0);
    totals.handed_over += queue->handed_over();
  }
  for (const RecordSorter* sorter : {sorter_.get(), sorter_behind_scans_.get()})
    if (sorter != nullptr) totals.dropped_sink_down += sorter->lost();
  totals.accepted = totals.handed_over - totals.dropped_queue_full;
  const uint64_t settled = totals.written + totals.dropped_disk_full + totals.dropped_output_slow +
                           totals.dropped_sink_down + totals.not_matching + totals.not_wanted +
                           totals.folded + totals.learned;
  totals.in_flight = totals.accepted > settled ? totals.accepted - settled : 0;
  return totals;
}

void SinkThread::run() noexcept {
  while (true) {
    take_orders();
    const uint64_t passed = pass_records();
    if (own_orders_.end_scans || own_orders_.stop) end_records();
    put_stats();
    if (own_orders_.stop || own_orders_.drain_ticket > 0) flush_all();
    note_down();
    answer_drain();
    if (own_orders_.stop) return;
    flush_due();
    if (passed == 0) {
      wait_for_work();
      if (scans_ != nullptr && options_.live) put_bulk({}, base::realtime_ns());
    }
  }
}

void SinkThread::take_orders() {
  own_orders_ = {};
  if (has_orders_.load(std::memory_order_seq_cst)) {
    const std::lock_guard lock(orders_mutex_);
    has_orders_.store(false, std::memory_order_seq_cst);
    std::swap(own_orders_, orders_);
    orders_.drain_ticket = own_orders_.drain_ticket;
    if (own_orders_.drain_ticket == drained_ticket_) own_orders_.drain_ticket = 0;
  }
  if (queue_count_.load(std::memory_order_acquire) != own_queues_.size()) own_queues_ = queues();
}

uint64_t SinkThread::pass_records() noexcept {
  uint64_t passed = 0;
  for (WorkerQueue* queue : own_queues_) {
    // What comes while this runs is left for the next pass, so that no worker holds up another,
    // or a stats event.
    for (size_t left = queue->pending(); left > 0;) {
      const auto front = queue->front();
      const auto records = front.first(std::min(left, front.size()));
      const int64_t now_ns = options_.live ? base::realtime_ns() : 0;
      const auto put = [&](std::span<const flow::FlowRecord> some) { put_bulk(some, now_ns); };
      if (sorter_ == nullptr)
        put(records);
      else
        keep(*sorter_, records, put);
      queue->drop_front(records.size());
      passed += records.size();
      left -= records.size();
    }
  }
  settle_crew();
  passed_.add(passed);
  return passed;
}

void SinkThread::put_bulk(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept {
  const auto wanted = scans_ == nullptr ? records : scans_->pass(records, now_ns);
  const auto put = [&](std::span<const flow::FlowRecord> some) { write(some, now_ns); };
  if (sorter_behind_scans_ == nullptr)
    put(wanted);
  else
    keep(*sorter_behind_scans_, wanted, put);
  if (scans_ != nullptr) put_ended_scans(now_ns);
}

void SinkThread::write(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept {
  // Behind the sorters: then whatever came before a flow is known, and nothing that came later.
  const auto named = names_ ? names_->pass(records) : records;
  if (crew_ != nullptr) {
    crew_->put(named, now_ns);
    return;
  }
  for (const auto& channel : channels_)
    channel->put_flows(named, now_ns);
  release(named);
}

void SinkThread::settle_crew() noexcept {
  if (crew_ != nullptr) crew_->settle();
}

void SinkThread::release(std::span<const flow::FlowRecord> written) noexcept {
  flow::release(written, options_.encapsulations);
}

void SinkThread::put_ended_scans(int64_t now_ns) noexcept {
  if (!scans_->ended().empty()) settle_crew();
  for (const flow::ScanRecord& scan : scans_->ended())
    for (const auto& channel : channels_)
      channel->put_scan(scan, now_ns);
  scans_->forget_ended();
}

void SinkThread::end_records() noexcept {
  const int64_t now_ns = options_.live ? base::realtime_ns() : 0;
  const auto put = [&](std::span<const flow::FlowRecord> some) { write(some, now_ns); };
  if (sorter_ != nullptr)
    empty(*sorter_, [&](std::span<const flow::FlowRecord> some) { put_bulk(some, now_ns); });
  if (scans_ != nullptr) {
    for (auto held = scans_->end(); !held.empty(); held = scans_->end()) {
      if (sorter_behind_scans_ == nullptr)
        put(held);
      else
        keep(*sorter_behind_scans_, held, put);
    }
  }
  if (sorter_behind_scans_ != nullptr) empty(*sorter_behind_scans_, put);
  settle_crew();
  if (scans_ != nullptr) put_ended_scans(now_ns);
}

void SinkThread::put_stats() noexcept {
  for (const StatsRecord& record : own_orders_.stats)
    for (const auto& channel : channels_)
      channel->put_stats(record);
}

void SinkThread::flush_all() noexcept {
  for (const auto& channel : channels_)
    channel->flush();
}

void SinkThread::flush_due() noexcept {
  const int64_t now_ns = base::monotonic_ns();
  for (const auto& channel : channels_)
    channel->flush_if_due(now_ns);
}

void SinkThread::answer_drain() noexcept {
  if (own_orders_.drain_ticket == 0) return;
  {
    const std::lock_guard lock(orders_mutex_);
    drained_ticket_ = own_orders_.drain_ticket;
  }
  drained_.notify_all();
}

void SinkThread::note_down() noexcept {
  bool any = false;
  for (const auto& channel : channels_) {
    if (!channel->takes_flows()) continue;
    if (!channel->delivery().is_down()) return;
    any = true;
  }
  if (any) down_.store(true, std::memory_order_relaxed);
}

void SinkThread::wait_for_work() noexcept {
  int timeout_ms = kFilePollMs;
  if (options_.live) timeout_ms = scans_ == nullptr ? Doorbell::kNoTimeout : kScanPollMs;
  const int64_t now_ns = base::monotonic_ns();
  for (const auto& channel : channels_) {
    channel->delivery().collect();  // nothing better to do, and the counters become true
    const int due_ms = channel->ms_to_flush(now_ns);
    if (due_ms >= 0 && (timeout_ms < 0 || due_ms < timeout_ms)) timeout_ms = due_ms;
  }
  const auto ready = [this] {
    return has_orders_.load(std::memory_order_seq_cst) ||
           std::any_of(own_queues_.begin(), own_queues_.end(),
                       [](const WorkerQueue* queue) { return queue->is_worth_waking(); });
  };
  shared_.work.wait(ready, timeout_ms);
}

}  // namespace pktana::sink
