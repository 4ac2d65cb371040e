// SPDX-License-Identifier: Apache-2.0
#include "sink/format_crew.h"

#include <algorithm>

#include "sink/quiet_thread.h"

namespace pktana::sink {
namespace {
/// Jobs under way, for each thread: so far may one be ahead of another.
constexpr size_t kJobsPerThread = 4;
constexpr size_t kSinkFormatter = 0;  ///< the number of the sink's thread
}  // namespace

base::Result<std::unique_ptr<FormatCrew>> FormatCrew::start(
    unsigned threads, std::span<const std::unique_ptr<OutputChannel>> channels,
    flow::EncapsulationTable* encapsulations) {
  for (const auto& channel : channels)
    if (auto ready = channel->make_formatters(threads); !ready)
      return base::Unexpected(ready.error());
  std::unique_ptr<FormatCrew> crew(new FormatCrew(threads, channels, encapsulations));
  for (size_t i = 0; i < crew->jobs_.size(); ++i)
    for (const auto& channel : channels) {
      auto lines = FlowLines::create(channel->is_spread() ? kJobRecords : 0);
      if (!lines) return base::Unexpected(lines.error());
      crew->jobs_[i]->lines.push_back(std::move(*lines));
    }
  for (size_t i = kSinkFormatter + 1; i < threads; ++i) {
    auto thread = start_quiet_thread("pktana-format", [raw = crew.get(), i] { raw->run(i); });
    if (!thread) return base::Unexpected(thread.error());
    crew->threads_.push_back(std::move(*thread));
  }
  return crew;
}

FormatCrew::FormatCrew(unsigned threads, std::span<const std::unique_ptr<OutputChannel>> channels,
                       flow::EncapsulationTable* encapsulations)
    : encapsulations_(encapsulations) {
  for (const auto& channel : channels)
    channels_.push_back(channel.get());
  for (size_t i = 0; i < threads * kJobsPerThread; ++i)
    jobs_.push_back(std::make_unique<Job>());
}

FormatCrew::~FormatCrew() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

void FormatCrew::put(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept {
  while (!records.empty()) {
    const auto some = records.first(std::min(records.size(), kJobRecords));
    records = records.subspan(some.size());
    Lock lock(mutex_);
    while (issued_ - delivered_ == jobs_.size())
      help_or_wait(lock);
    Job& next = job(issued_);
    lock.unlock();  // nobody looks at it before it is issued
    fill(next, some, now_ns);
    lock.lock();
    ++issued_;
    // A single job is the sink's thread's own: few records wake nobody.
    if (issued_ - claimed_ > 1) work_.notify_one();
  }
}

void FormatCrew::settle() noexcept {
  Lock lock(mutex_);
  while (delivered_ != issued_)
    help_or_wait(lock);
}

void FormatCrew::help_or_wait(Lock& lock) noexcept {
  if (claimed_ < issued_)
    do_one(lock, kSinkFormatter);
  else
    progress_.wait(lock);
}

void FormatCrew::run(size_t formatter) noexcept {
  Lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stop_ || claimed_ < issued_; });
    if (stop_) return;
    do_one(lock, formatter);
  }
}

void FormatCrew::do_one(Lock& lock, size_t formatter) noexcept {
  const uint64_t number = claimed_++;
  // Whose turn it is needs no copy: the lines go where they belong.
  const bool in_turn = number == delivered_ && !delivering_;
  delivering_ |= in_turn;
  lock.unlock();
  if (in_turn)
    deliver(job(number), formatter, false);
  else
    format(job(number), formatter);
  lock.lock();
  if (in_turn) {
    ++delivered_;
  } else {
    job(number).ready = true;
    if (delivering_) return;  // whoever has the turn comes to it
    delivering_ = true;
  }
  while (delivered_ < claimed_ && job(delivered_).ready) {
    Job& next = job(delivered_);
    next.ready = false;
    lock.unlock();
    deliver(next, formatter, true);
    lock.lock();
    ++delivered_;
  }
  delivering_ = false;
  progress_.notify_one();
}

void FormatCrew::fill(Job& job, std::span<const flow::FlowRecord> records,
                      int64_t now_ns) noexcept {
  std::copy(records.begin(), records.end(), job.records.begin());
  job.count = records.size();
  job.now_ns = now_ns;
  for (size_t i = 0; i < channels_.size(); ++i)
    if (channels_[i]->is_spread()) channels_[i]->choose(records, job.lines[i]);
}

void FormatCrew::format(Job& job, size_t formatter) noexcept {
  for (size_t i = 0; i < channels_.size(); ++i)
    if (channels_[i]->is_spread())
      channels_[i]->format(job.records, job.now_ns, formatter, job.lines[i]);
}

void FormatCrew::deliver(Job& job, size_t formatter, bool formatted) noexcept {
  const auto records = std::span<const flow::FlowRecord>(job.records).first(job.count);
  for (size_t i = 0; i < channels_.size(); ++i) {
    if (!channels_[i]->is_spread())
      channels_[i]->put_flows(records, job.now_ns);
    else if (formatted)
      channels_[i]->deliver(job.lines[i]);
    else
      channels_[i]->put_chosen(job.records, job.now_ns, formatter, job.lines[i]);
  }
  flow::release(records, encapsulations_);
}

}  // namespace pktana::sink
