// SPDX-License-Identifier: Apache-2.0
#include "flow/scan_detector.h"

#include <algorithm>

namespace pktana::flow {

base::Result<ScanDetector> ScanDetector::create(const ScanOptions& options) {
  if (options.threshold < 2)
    return base::fail_input("scan detector", "the threshold must be at least 2");
  auto candidates = ScanCandidates::create();
  if (!candidates) return base::Unexpected(candidates.error());
  auto tracks = base::Mapping::anonymous(size_t{kMaxTracks} * sizeof(ScanTrack));
  if (!tracks) return base::Unexpected(tracks.error());
  return ScanDetector(options, std::move(*candidates), std::move(*tracks));
}

ScanDetector::ScanDetector(const ScanOptions& options, ScanCandidates candidates,
                           base::Mapping tracks)
    : options_(options), candidates_(std::move(candidates)), tracks_(std::move(tracks)) {
  ended_.reserve(kMaxTracks);
}

void ScanDetector::note(const FlowRecord& record) noexcept {
  if (!is_scan_attempt(record)) return;
  const ScanAttempt attempt(options_.secret, record);
  if (ScanTrack* block = block_of(attempt.key(ScanKind::Block))) {
    block->add(attempt);
    return;
  }
  if (attempt.has_port) note_kind(attempt, ScanKind::Vertical);
  note_kind(attempt, ScanKind::Horizontal);
}

void ScanDetector::note_kind(const ScanAttempt& attempt, ScanKind kind) noexcept {
  const uint64_t key = attempt.key(kind);
  ScanCandidate* candidate = candidates_.find(key);
  if (candidate == nullptr) {
    candidate = &candidates_.place_for(key);
    clear(*candidate);
    candidate->key = key;
    candidate->source_key = attempt.key(ScanKind::Block);
    candidate->target_hash = attempt.target_hash;
    candidate->kind = kind;
    candidate->sums.set(attempt);
  } else {
    candidate->sums.add(attempt);
  }
  if (candidate->track != 0) {
    ScanTrack& track = tracks()[candidate->track - 1U];
    track.add(attempt);
    judge(track, attempt);
    return;
  }
  const bool ipv4 = attempt.record->ip_version == 4;
  const uint64_t target = ipv4 ? attempt.dst[0] : attempt.target_hash;
  const bool noted = candidate->add_value(kind == ScanKind::Vertical ? attempt.port : target);
  if (noted && candidate->value_count < options_.threshold) return;
  judge(begin_track(*candidate, attempt), attempt);
}

ScanTrack& ScanDetector::begin_track(ScanCandidate& candidate,
                                     const ScanAttempt& attempt) noexcept {
  ScanTrack& track = free_track();
  track.begin(candidate.kind, attempt);
  track.owner = candidates_.number_of(candidate);
  track.absorb(candidate, options_.secret);
  // Its sums hold this attempt already.
  track.targets.add(attempt.target_hash);
  track.name_target(attempt.record->dst);
  if (attempt.has_port) track.add_port(attempt.port);
  candidate.track = static_cast<uint16_t>(&track - tracks().data() + 1);
  return track;
}

ScanTrack& ScanDetector::free_track() noexcept {
  if (tracks_used_ < kMaxTracks) {
    const auto unused = std::find_if(tracks().begin(), tracks().begin() + tracks_used_,
                                     [](const ScanTrack& track) { return !track.in_use; });
    tracks_used_ += unused == tracks().begin() + tracks_used_;
    return *unused;
  }
  // One that is no scan goes first, and of those the one that has been still for longest.
  const auto before = [](const ScanTrack& a, const ScanTrack& b) {
    if (a.in_use != b.in_use) return b.in_use;
    if (a.is_scan != b.is_scan) return b.is_scan;
    return a.record.end_ns < b.record.end_ns;
  };
  ScanTrack& oldest = *std::min_element(tracks().begin(), tracks().end(), before);
  if (oldest.in_use) close(oldest);
  return oldest;
}

void ScanDetector::judge(ScanTrack& track, const ScanAttempt& attempt) noexcept {
  if (track.is_scan || track.breadth() < options_.threshold) return;
  track.is_scan = true;
  const auto used = tracks().first(tracks_used_);
  const auto alike = std::count_if(used.begin(), used.end(), [&](const ScanTrack& other) {
    return other.in_use && other.is_scan && other.kind == track.kind &&
           other.source_key == track.source_key;
  });
  if (alike > kMaxScansOfSource) make_block(attempt);
}

// Each attempt with ports is in one vertical candidate: these hold all that the source has tried.
void ScanDetector::make_block(const ScanAttempt& attempt) noexcept {
  ScanTrack& block = free_track();
  block.begin(ScanKind::Block, attempt);
  block.is_scan = true;
  ++blocks_;
  for (ScanCandidate& candidate : candidates_.all()) {
    if (candidate.key == 0 || candidate.source_key != block.source_key) continue;
    ScanTrack* const track = candidate.track == 0 ? nullptr : &tracks()[candidate.track - 1U];
    if (candidate.kind == ScanKind::Vertical) {
      if (track != nullptr)
        block.absorb(*track);
      else
        block.absorb(candidate, options_.secret);
    }
    if (track != nullptr) *track = {};
    candidate = {};
  }
}

ScanTrack* ScanDetector::block_of(uint64_t source_key) const noexcept {
  if (blocks_ == 0) return nullptr;
  for (ScanTrack& track : tracks().first(tracks_used_))
    if (track.in_use && track.kind == ScanKind::Block && track.source_key == source_key)
      return &track;
  return nullptr;
}

bool ScanDetector::is_scan(uint64_t key) const noexcept {
  const ScanCandidate* candidate = candidates_.find(key);
  return candidate != nullptr && candidate->track != 0 && tracks()[candidate->track - 1U].is_scan;
}

bool ScanDetector::is_part_of_scan(const FlowRecord& record) const noexcept {
  if (!is_scan_attempt(record)) return false;
  const ScanAttempt attempt(options_.secret, record);
  if (block_of(attempt.key(ScanKind::Block)) != nullptr) return true;
  return (attempt.has_port && is_scan(attempt.key(ScanKind::Vertical))) ||
         is_scan(attempt.key(ScanKind::Horizontal));
}

void ScanDetector::expire(int64_t now_ns) noexcept {
  if (options_.window_ns == 0) return;
  const int64_t before_ns = now_ns - options_.window_ns;
  for (ScanTrack& track : tracks().first(tracks_used_))
    if (track.in_use && track.record.end_ns < before_ns) close(track);
  for (ScanCandidate& candidate : candidates_.all())
    if (candidate.key != 0 && candidate.track == 0 && candidate.sums.end_ns < before_ns)
      candidate = {};
}

void ScanDetector::end_all() noexcept {
  for (ScanTrack& track : tracks().first(tracks_used_))
    if (track.in_use) close(track);
}

void ScanDetector::close(ScanTrack& track) noexcept {
  if (track.is_scan && ended_.size() < ended_.capacity()) ended_.push_back(track.to_record());
  if (track.kind == ScanKind::Block)
    --blocks_;
  else
    candidates_.all()[track.owner] = {};
  track = {};
}

void ScanDetector::clear(ScanCandidate& candidate) noexcept {
  if (candidate.key != 0 && candidate.track != 0) close(tracks()[candidate.track - 1U]);
  candidate = {};
}

}  // namespace pktana::flow
