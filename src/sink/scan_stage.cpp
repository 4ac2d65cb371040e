// SPDX-License-Identifier: Apache-2.0
#include "sink/scan_stage.h"

#include <algorithm>

#include "base/clock.h"

namespace pktana::sink {
namespace {

constexpr int64_t kExpireEveryNs = 5 * base::kNsPerSecond;

}  // namespace

base::Result<std::unique_ptr<ScanStage>> ScanStage::create(const ScanStageOptions& options) {
  auto detector = flow::ScanDetector::create(options.detector);
  if (!detector) return base::Unexpected(detector.error());
  base::Mapping held;
  if (options.fold) {
    auto memory = base::Mapping::anonymous(kMaxHeld * sizeof(flow::FlowRecord));
    if (!memory) return base::Unexpected(memory.error());
    held = std::move(*memory);
  }
  return std::unique_ptr<ScanStage>(new ScanStage(options, std::move(*detector), std::move(held)));
}

ScanStage::ScanStage(const ScanStageOptions& options, flow::ScanDetector detector,
                     base::Mapping held)
    : options_(options), detector_(std::move(detector)), held_(std::move(held)) {
  out_.reserve(3 * kMaxBulk);
}

std::span<const flow::FlowRecord> ScanStage::pass(std::span<const flow::FlowRecord> records,
                                                  int64_t now_ns) noexcept {
  out_.clear();
  const int64_t window_ns = options_.detector.window_ns;
  for (size_t i = 0; i < kMaxBulk && first_held_ != next_held_ && window_ns != 0; ++i) {
    if (held(first_held_).end_ns > now_ns - window_ns) break;
    judge_oldest();
  }
  if (now_ns - expired_ns_ > kExpireEveryNs) {
    detector_.expire(now_ns);
    expired_ns_ = now_ns;
  }
  for (const flow::FlowRecord& record : records)
    if (record.is_final()) detector_.note(record);
  if (!options_.fold) return records;
  for (const flow::FlowRecord& record : records) {
    if (record.is_final() && flow::is_scan_attempt(record))
      hold(record);
    else
      out_.push_back(record);
  }
  return out_;
}

void ScanStage::hold(const flow::FlowRecord& record) noexcept {
  if (next_held_ - first_held_ == kMaxHeld) judge_oldest();
  held(next_held_++) = record;
}

void ScanStage::judge_oldest() noexcept {
  const flow::FlowRecord& record = held(first_held_++);
  if (!detector_.is_part_of_scan(record)) {
    out_.push_back(record);
    return;
  }
  folded_.add(1);
  flow::release({&record, 1}, options_.encapsulations);
}

std::span<const flow::FlowRecord> ScanStage::end() noexcept {
  out_.clear();
  while (first_held_ != next_held_ && out_.size() < kMaxBulk)
    judge_oldest();
  if (first_held_ == next_held_) detector_.end_all();
  return out_;
}

}  // namespace pktana::sink
