// SPDX-License-Identifier: Apache-2.0
#include "sink/queued_delivery.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "sink/quiet_thread.h"

namespace pktana::sink {
namespace {

/// Buffers on their way beyond which a partly filled one waits for more lines.
constexpr size_t kEnoughQueued = 2;

size_t buffer_count(const QueuedDelivery::Options& options) noexcept {
  return std::max<size_t>(2, options.memory_bytes / QueuedDelivery::kBufferBytes);
}

}  // namespace

base::Counter& QueuedDelivery::Drops::of(Cause cause) noexcept {
  switch (cause) {
    case Cause::DiskFull:
      return disk_full;
    case Cause::OutputSlow:
      return output_slow;
    case Cause::SinkDown:
      break;
  }
  return sink_down;
}

QueuedDelivery::Cause QueuedDelivery::cause_of(int error) noexcept {
  if (error == 0 || error == EAGAIN) return Cause::OutputSlow;
  return error == ENOSPC || error == EDQUOT ? Cause::DiskFull : Cause::SinkDown;
}

base::Result<base::Mapping> QueuedDelivery::make_memory(const Options& options) {
  return base::Mapping::anonymous(buffer_count(options) * kBufferBytes);
}

base::Result<std::unique_ptr<QueuedDelivery>> QueuedDelivery::start(
    Options options, base::Mapping memory, std::unique_ptr<LineTarget> target) {
  std::unique_ptr<QueuedDelivery> delivery(
      new QueuedDelivery(std::move(options), std::move(memory), std::move(target)));
  auto thread = start_quiet_thread("pktana-output", [raw = delivery.get()] { raw->run(); });
  if (!thread) return base::Unexpected(thread.error());
  delivery->thread_ = std::move(*thread);
  return delivery;
}

QueuedDelivery::QueuedDelivery(Options options, base::Mapping memory,
                               std::unique_ptr<LineTarget> target)
    : options_(std::move(options)), memory_(std::move(memory)), target_(std::move(target)) {
  auto* bytes = static_cast<char*>(memory_.data());
  for (size_t at = 0; at < memory_.size(); at += kBufferBytes)
    buffers_.emplace_back(std::span<char>(bytes + at, kBufferBytes));
}

QueuedDelivery::~QueuedDelivery() {
  if (!thread_.joinable()) return;
  stop_thread();
  (void)target_->close();
}

LineBuffer* QueuedDelivery::buffer_for(bool flows) noexcept {
  const bool fits =
      !sealed_ && (current().empty() || (current().holds_flows() == flows && current().has_room()));
  if (!fits) {
    const std::lock_guard lock(mutex_);
    if (!push()) {
      sealed_ = true;  // so that the numbers of a buffer's records have no gap
      return nullptr;
    }
  }
  if (current().empty()) current().set_holds_flows(flows);
  return &current();
}

bool QueuedDelivery::push() noexcept {
  if (queued_ + 1 >= buffers_.size()) return false;
  if (current().empty()) return true;
  ++queued_;
  current_ = (current_ + 1) % buffers_.size();
  sealed_ = false;
  work_.notify_one();
  return true;
}

void QueuedDelivery::send() noexcept {
  if (current().empty()) return;
  const std::lock_guard lock(mutex_);
  if (queued_ < kEnoughQueued || !current().has_room()) (void)push();
}

void QueuedDelivery::settle() noexcept {
  std::unique_lock lock(mutex_);
  const auto patience = std::chrono::nanoseconds(gave_up_ ? 0 : options_.patience_ns);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const bool pushed = progress_.wait_until(lock, deadline, [this] { return push(); });
  const bool done = pushed && progress_.wait_until(lock, deadline, [this] { return queued_ == 0; });
  gave_up_ |= !done;
}

void QueuedDelivery::stop_thread() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    abandon_ = true;
    work_.notify_one();
  }
  thread_.join();
}

base::Result<void> QueuedDelivery::close() {
  settle();
  stop_thread();
  const auto cause = cause_of(trouble_.load(std::memory_order_relaxed));
  refused_.of(cause).add(current().flow_records());
  current().clear();
  auto closed = target_->close();
  const DeliveryCounts all = counts();
  const uint64_t lost = all.dropped_disk_full + all.dropped_output_slow + all.dropped_sink_down;
  if (first_error_ && lost > 0) return base::Unexpected(*first_error_);
  return closed;
}

void QueuedDelivery::drop(uint64_t flow_records) noexcept {
  const Cause cause =
      is_down() ? Cause::SinkDown : cause_of(trouble_.load(std::memory_order_relaxed));
  refused_.of(cause).add(flow_records);
}

DeliveryCounts QueuedDelivery::counts() const noexcept {
  return {.written = written_.get(),
          .dropped_disk_full = refused_.disk_full.get() + given_up_.disk_full.get(),
          .dropped_output_slow = refused_.output_slow.get() + given_up_.output_slow.get(),
          .dropped_sink_down = refused_.sink_down.get() + given_up_.sink_down.get(),
          .bytes_written = bytes_.get()};
}

OutputHealth QueuedDelivery::health() const {
  OutputHealth health = target_->health();
  const int error = trouble_.load(std::memory_order_relaxed);
  if (error == EAGAIN)
    health.trouble = "does not take lines as fast as they come";
  else if (error != 0)
    health.trouble = std::generic_category().message(error);
  return health;
}

void QueuedDelivery::rotate() noexcept {
  target_->rotate();
  const std::lock_guard lock(mutex_);
  poked_ = true;
  work_.notify_one();
}

void QueuedDelivery::reopen() noexcept {
  target_->reopen();
  const std::lock_guard lock(mutex_);
  poked_ = true;
  work_.notify_one();
}

void QueuedDelivery::run() noexcept {
  for (;;) {
    LineBuffer* buffer = next_buffer();
    if (buffer == nullptr) {
      const std::lock_guard lock(mutex_);
      if (stop_ && queued_ == 0) return;
    }
    if (buffer == nullptr) {
      if (!is_down()) note(target_->tick());
      continue;
    }
    deliver(*buffer);
    buffer->clear();
    const std::lock_guard lock(mutex_);
    head_ = (head_ + 1) % buffers_.size();
    --queued_;
    progress_.notify_all();
  }
}

/// Null: it is time for a tick, or somebody wants something else.
LineBuffer* QueuedDelivery::next_buffer() noexcept {
  std::unique_lock lock(mutex_);
  if (queued_ == 0)
    work_.wait_for(lock, std::chrono::milliseconds(kTickMs),
                   [this] { return queued_ > 0 || stop_ || poked_; });
  const bool poked = poked_;
  poked_ = false;
  return poked || queued_ == 0 ? nullptr : &buffers_[head_];
}

void QueuedDelivery::deliver(LineBuffer& buffer) noexcept {
  size_t position = 0;
  size_t counted = 0;
  const bool flows = buffer.holds_flows();
  while (!is_down() && position < buffer.bytes().size()) {
    const LineTarget::Progress progress = target_->put(buffer, position);
    if (progress.position > position) bytes_.add(progress.position - position);
    position = progress.position;
    const size_t whole = buffer.records_within(position);
    if (flows) written_.add(whole - counted);
    counted = whole;
    note(progress.error);
    if (progress.error != 0 && !may_retry(progress.error)) break;
  }
  if (!flows || counted == buffer.lines()) return;
  const int error = trouble_.load(std::memory_order_relaxed);
  given_up_.of(is_down() ? Cause::SinkDown : cause_of(error)).add(buffer.lines() - counted);
}

void QueuedDelivery::note(int error) noexcept {
  trouble_.store(error, std::memory_order_relaxed);
  if (error == 0 || error == EAGAIN) return;
  if (!first_error_) first_error_ = base::errno_error(error, "write", options_.path);
  if (target_->is_final(error)) down_.store(true, std::memory_order_relaxed);
}

bool QueuedDelivery::may_retry(int error) noexcept {
  std::unique_lock lock(mutex_);
  if (error != EAGAIN && !is_down() && !abandon_)
    work_.wait_for(lock, std::chrono::milliseconds(kRetryMs), [this] { return abandon_; });
  return !abandon_;
}

}  // namespace pktana::sink
