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

NameStage::NameStage(const NameStageOptions& options) : options_(options) {
  out_.reserve(kMaxBulk);
}

NameStage::Pair NameStage::pair_of(const FlowRecord& record) noexcept {
  const auto& server = tells_name(record) ? record.event->learned->address : record.dst;
  return {.ip_version = record.ip_version, .client = record.src, .server = server};
}

uint32_t NameStage::hash_of(const Pair& pair) const noexcept {
  using base::load_raw;
  return static_cast<uint32_t>(base::keyed_hash(
      options_.secret, {load_raw<uint64_t>(&pair.client[0]), load_raw<uint64_t>(&pair.client[8]),
                        load_raw<uint64_t>(&pair.server[0]), load_raw<uint64_t>(&pair.server[8]),
                        pair.ip_version, 0}));
}

std::span<const FlowRecord> NameStage::pass(std::span<const FlowRecord> records) noexcept {
  if (entries_.empty() && std::none_of(records.begin(), records.end(), tells_name)) return records;
  out_.clear();
  for (size_t i = 0; i < records.size(); ++i) {
    if (!tells_name(records[i]) && !wants_name(records[i])) continue;
    hashes_[i] = hash_of(pair_of(records[i]));
    index_.prefetch(hashes_[i]);
  }
  for (size_t i = 0; i < records.size(); ++i) {
    const FlowRecord& record = records[i];
    if (tells_name(record)) {
      learn(record, hashes_[i]);
      learned_.add(1);
      flow::release({&record, 1}, options_.encapsulations);
      continue;
    }
    out_.push_back(record);
    if (wants_name(record)) name(out_.back(), hashes_[i]);
  }
  return out_;
}

uint32_t NameStage::find(const Pair& pair, uint32_t hash) const noexcept {
  return index_.find(hash, [&](uint32_t entry) { return entries_[entry].pair == pair; });
}

NameStage::Known& NameStage::known(const Pair& pair, uint32_t hash) {
  uint32_t entry = find(pair, hash);
  if (entry != PairIndex::kNone) {
    take_out(entry);
  } else {
    entry = entry_for_new();
    entries_[entry].pair = pair;
    entries_[entry].hash = hash;
    index_.insert(hash, entry);
  }
  make_newest(entry);
  return entries_[entry];
}

/// In no order yet: a place of its own, or that of the pair that was told of the longest ago.
uint32_t NameStage::entry_for_new() {
  if (entries_.size() < kMaxPairs) {
    entries_.emplace_back();
    return static_cast<uint32_t>(entries_.size() - 1);
  }
  const uint32_t oldest = entries_[newest_].newer;
  index_.erase(entries_[oldest].hash, oldest);
  take_out(oldest);
  entries_[oldest].names.clear();
  return oldest;
}

void NameStage::take_out(uint32_t entry) noexcept {
  const Known& known = entries_[entry];
  entries_[known.newer].older = known.older;
  entries_[known.older].newer = known.newer;
  if (newest_ == entry) newest_ = known.older == entry ? PairIndex::kNone : known.older;
}

void NameStage::make_newest(uint32_t entry) noexcept {
  Known& known = entries_[entry];
  if (newest_ == PairIndex::kNone) {
    known.newer = known.older = entry;
  } else {
    const uint32_t oldest = entries_[newest_].newer;
    known.older = newest_;
    known.newer = oldest;
    entries_[oldest].older = entry;
    entries_[newest_].newer = entry;
  }
  newest_ = entry;
}

void NameStage::learn(const FlowRecord& record, uint32_t hash) {
  const flow::LearnedName& learned = *record.event->learned;
  if (learned.ip_version != record.ip_version) {
    // An A record asked for over IPv6, or the reverse: the client's other address is not known.
    return;
  }
  std::vector<Told>& names = known(pair_of(record), hash).names;
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
  names.push_back({.name = std::string(learned.name),
                   .first_ns = record.end_ns,
                   .last_ns = record.end_ns,
                   .ttl_s = learned.ttl_s});
}

void NameStage::name(FlowRecord& record, uint32_t hash) const {
  const uint32_t entry = find(pair_of(record), hash);
  if (entry == PairIndex::kNone) return;
  const Told* best = nullptr;
  int64_t best_age_ns = 0;
  unsigned fitting = 0;
  for (const Told& told : entries_[entry].names) {
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
