// SPDX-License-Identifier: Apache-2.0
#include "sink/name_stage.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;

bool tells_name(const FlowRecord& record) noexcept {
  return record.event != nullptr && record.event->learned.has_value();
}

bool wants_name(const FlowRecord& record) noexcept {
  return record.event == nullptr && (record.app == nullptr || record.app->name.empty());
}

/// Age of the answer when the flow began; negative: it came later.
int64_t age_ns(int64_t told_ns, int64_t start_ns) noexcept {
  if (told_ns > start_ns) return -1;
  const uint64_t age = static_cast<uint64_t>(start_ns) - static_cast<uint64_t>(told_ns);
  return static_cast<int64_t>(std::min(age, uint64_t{1} << 62));
}

}  // namespace

NameStage::NameStage(const NameStageOptions& options)
    : options_(options), pairs_(0, PairHash{options.secret}) {
  out_.reserve(kMaxBulk);
}

size_t NameStage::PairHash::operator()(const Pair& pair) const noexcept {
  using base::load_raw;
  return base::keyed_hash(secret,
                          {load_raw<uint64_t>(&pair.client[0]), load_raw<uint64_t>(&pair.client[8]),
                           load_raw<uint64_t>(&pair.server[0]), load_raw<uint64_t>(&pair.server[8]),
                           pair.ip_version, 0});
}

std::span<const FlowRecord> NameStage::pass(std::span<const FlowRecord> records) noexcept {
  if (pairs_.empty() && std::none_of(records.begin(), records.end(), tells_name)) return records;
  out_.clear();
  for (const FlowRecord& record : records) {
    if (tells_name(record)) {
      learn(record);
      learned_.add(1);
      flow::release({&record, 1}, options_.encapsulations);
      continue;
    }
    out_.push_back(record);
    if (wants_name(record)) name(out_.back());
  }
  return out_;
}

NameStage::Known& NameStage::known(const Pair& pair) {
  if (const auto found = pairs_.find(pair); found != pairs_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return order_.front();
  }
  if (order_.size() == kMaxPairs) {
    pairs_.erase(order_.back().pair);
    order_.pop_back();
  }
  order_.push_front({.pair = pair, .names = {}});
  pairs_.emplace(pair, order_.begin());
  return order_.front();
}

void NameStage::learn(const FlowRecord& record) {
  const flow::LearnedName& learned = *record.event->learned;
  if (learned.ip_version != record.ip_version) {
    // An A record asked for over IPv6, or the reverse: the client's other address is not known.
    return;
  }
  std::vector<Told>& names =
      known({.ip_version = record.ip_version, .client = record.src, .server = learned.address})
          .names;
  const auto same = std::find_if(names.begin(), names.end(),
                                 [&](const Told& told) { return told.name == learned.name; });
  if (same != names.end()) {
    same->last_ns = std::max(same->last_ns, record.end_ns);
    same->ttl_s = learned.ttl_s;
    return;
  }
  if (names.size() == kMaxNames)
    names.erase(std::min_element(names.begin(), names.end(), [](const Told& a, const Told& b) {
      return a.last_ns < b.last_ns;
    }));
  names.push_back({.name = learned.name,
                   .first_ns = record.end_ns,
                   .last_ns = record.end_ns,
                   .ttl_s = learned.ttl_s});
}

void NameStage::name(FlowRecord& record) const {
  const auto found =
      pairs_.find({.ip_version = record.ip_version, .client = record.src, .server = record.dst});
  if (found == pairs_.end()) return;
  const Told* best = nullptr;
  int64_t best_age_ns = 0;
  unsigned fitting = 0;
  for (const Told& told : found->second->names) {
    int64_t age = age_ns(told.last_ns, record.start_ns);
    if (age < 0) age = age_ns(told.first_ns, record.start_ns);
    if (age < 0 || age > std::max(kLeastHoldNs, told.ttl_s * base::kNsPerSecond)) continue;
    ++fitting;
    if (best != nullptr && age > best_age_ns) continue;
    best = &told;
    best_age_ns = age;
  }
  if (best == nullptr) return;
  auto named = record.app == nullptr ? std::make_unique<flow::AppSummary>()
                                     : std::make_unique<flow::AppSummary>(*record.app);
  named->name = best->name;
  named->name_source = flow::NameSource::DnsAnswer;
  named->name_age_s = static_cast<uint32_t>(
      std::min<int64_t>(best_age_ns / base::kNsPerSecond, std::numeric_limits<uint32_t>::max()));
  named->name_ambiguous = fitting > 1;
  const flow::AppSummary* before = std::exchange(record.app, named.release());
  if (before != nullptr && before->drop_reference()) delete before;
}

}  // namespace pktana::sink
