// SPDX-License-Identifier: Apache-2.0
#include "sink/record_sorter.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <numeric>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace pktana::sink {
namespace {

using flow::FlowRecord;

std::string temporary_folder() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
}

auto key_of(const FlowRecord& r) noexcept {
  return std::tie(r.ip_version, r.protocol, r.src, r.dst, r.src_port, r.dst_port, r.icmp_type,
                  r.icmp_code, r.vlan_count, r.vlan_id, r.source_id, r.flow_id, r.continuation,
                  r.event_number, r.update.index, r.end_ns);
}

int64_t time_of(const FlowRecord& record) noexcept {
  return record.event == nullptr ? record.start_ns : record.end_ns;
}

}  // namespace

bool sorts_before(const FlowRecord& a, const FlowRecord& b) noexcept {
  if (time_of(a) != time_of(b)) return time_of(a) < time_of(b);
  return key_of(a) < key_of(b);
}

std::unique_ptr<RecordSorter> RecordSorter::create(const Options& options) {
  return std::unique_ptr<RecordSorter>(new RecordSorter(options));
}

RecordSorter::RecordSorter(const Options& options)
    : capacity_(std::max(kMaxBulk, options.memory_bytes / (sizeof(FlowRecord) + sizeof(uint32_t)))),
      folder_(options.folder.empty() ? temporary_folder() : options.folder) {
  memory_.reserve(capacity_);
  order_.reserve(capacity_);
  bulk_.reserve(kMaxBulk);
}

bool RecordSorter::add(std::span<const FlowRecord> records) {
  assert(records.size() <= kMaxBulk);
  assert(!taking_);
  if (memory_.size() + records.size() > capacity_ && !spill()) return false;
  memory_.insert(memory_.end(), records.begin(), records.end());
  return true;
}

void RecordSorter::sort_memory() {
  // Numbers are moved instead of records of some hundred bytes.
  order_.resize(memory_.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(),
            [this](uint32_t a, uint32_t b) { return sorts_before(memory_[a], memory_[b]); });
  next_ = 0;
}

bool RecordSorter::spill() {
  if (!file_ && !open_file()) return false;
  sort_memory();
  const uint64_t begin = file_bytes_;
  for (size_t i = 0; i < order_.size(); i += kMaxBulk) {
    bulk_.clear();
    for (size_t j = i; j < std::min(i + kMaxBulk, order_.size()); ++j)
      bulk_.push_back(memory_[order_[j]]);
    if (write_all(bulk_)) continue;
    file_bytes_ = begin;  // the records are still in memory
    return false;
  }
  runs_.push_back({.offset = begin, .left = memory_.size()});
  memory_.clear();
  order_.clear();
  return true;
}

bool RecordSorter::open_file() {
  file_ = base::Fd(::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file_) return true;
  // Not every file system has unnamed files.
  std::string path = folder_ + "/pktana-sort-XXXXXX";
  file_ = base::Fd(::mkostemp(path.data(), O_CLOEXEC));
  if (!file_) {
    fail(errno, "open");
    return false;
  }
  ::unlink(path.c_str());
  return true;
}

bool RecordSorter::write_all(std::span<const FlowRecord> records) {
  auto bytes = std::as_bytes(records);
  while (!bytes.empty()) {
    const ssize_t done =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(file_bytes_));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      fail(done < 0 ? errno : ENOSPC, "write");
      return false;
    }
    file_bytes_ += static_cast<uint64_t>(done);
    bytes = bytes.subspan(static_cast<size_t>(done));
  }
  return true;
}

std::span<const FlowRecord> RecordSorter::take() {
  if (!taking_) begin_taking();
  bulk_.clear();
  if (runs_.empty())
    take_from_memory();
  else
    take_from_runs();
  if (!bulk_.empty()) return bulk_;
  taking_ = false;
  memory_.clear();
  order_.clear();
  runs_.clear();
  file_bytes_ = 0;
  return {};
}

void RecordSorter::begin_taking() {
  taking_ = true;
  // The rest becomes a run like the others; where that fails, it is taken before them.
  if (!runs_.empty() && !memory_.empty() && spill()) assert(memory_.empty());
  sort_memory();
  heap_.clear();
  const auto later = [this](size_t a, size_t b) {
    return sorts_before(runs_[b].piece[runs_[b].next], runs_[a].piece[runs_[a].next]);
  };
  for (size_t i = 0; i < runs_.size(); ++i) {
    if (!refill(runs_[i])) continue;
    heap_.push_back(i);
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
}

bool RecordSorter::refill(Run& run) {
  const size_t share = std::max<size_t>(16, capacity_ / std::max<size_t>(1, runs_.size()));
  const size_t wanted = std::min<uint64_t>(share, run.left);
  run.next = 0;
  run.piece.resize(wanted);
  auto bytes = std::as_writable_bytes(std::span(run.piece));
  while (!bytes.empty()) {
    const ssize_t done =
        ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(run.offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      fail(done < 0 ? errno : EIO, "read");
      lost_.add(run.left);
      run.piece.clear();
      run.left = 0;
      return false;
    }
    run.offset += static_cast<uint64_t>(done);
    bytes = bytes.subspan(static_cast<size_t>(done));
  }
  run.left -= wanted;
  return wanted > 0;
}

void RecordSorter::take_from_memory() {
  for (; next_ < order_.size() && bulk_.size() < kMaxBulk; ++next_)
    bulk_.push_back(memory_[order_[next_]]);
}

void RecordSorter::take_from_runs() {
  take_from_memory();
  const auto later = [this](size_t a, size_t b) {
    return sorts_before(runs_[b].piece[runs_[b].next], runs_[a].piece[runs_[a].next]);
  };
  while (!heap_.empty() && bulk_.size() < kMaxBulk) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Run& run = runs_[heap_.back()];
    bulk_.push_back(run.piece[run.next++]);
    if (run.next < run.piece.size() || refill(run))
      std::push_heap(heap_.begin(), heap_.end(), later);
    else
      heap_.pop_back();
  }
}

void RecordSorter::fail(int errno_value, const char* operation) {
  if (error_) return;
  error_ =
      base::errno_error(errno_value, operation,
                        "temporary file of --sort in " + folder_ + " (TMPDIR names another place)");
}

}  // namespace pktana::sink
