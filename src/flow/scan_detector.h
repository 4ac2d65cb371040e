// SPDX-License-Identifier: Apache-2.0
// Finds scans among finished flows: the sink thread shows it every final record, and takes the
// summaries of the scans that are over. It sees records only, so it needs no packet and no table.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/keyed_hash.h"
#include "base/mapping.h"
#include "base/result.h"
#include "flow/flow_record.h"
#include "flow/scan_candidates.h"
#include "flow/scan_record.h"

namespace pktana::flow {

struct ScanOptions {
  uint32_t threshold = 25;  ///< different ports of one target, or targets of one port; at least 2
  /// Without a further attempt for so long a scan is over; 0 = only at the end. Workers that share
  /// files are not equally far: there it has to be 0.
  int64_t window_ns = 300 * base::kNsPerSecond;
  base::HashSecret secret{};
};

/// Bounded: ScanCandidates::kCandidates suspects, of which kMaxTracks have tried often. One that
/// must make room for another is over at once. The order of the records changes nothing but in that
/// case, and at the edges of the window. One thread. No allocation after create().
class ScanDetector {
 public:
  static constexpr uint32_t kMaxTracks = 2048;
  /// Scans of one kind by one source; with more of them they become one Block.
  static constexpr uint32_t kMaxScansOfSource = 8;

  [[nodiscard]] static base::Result<ScanDetector> create(const ScanOptions& options);

  /// Shows it a final record.
  void note(const FlowRecord& record) noexcept;

  /// Whether the record is an attempt of a scan that is known by now and not over.
  [[nodiscard]] bool is_part_of_scan(const FlowRecord& record) const noexcept;

  /// Ends the scans without an attempt since `now_ns` less the window.
  void expire(int64_t now_ns) noexcept;
  void end_all() noexcept;

  /// Scans that are over, until forget_ended(). More than kMaxTracks of them at a time are not
  /// kept: take them after each bulk of records.
  [[nodiscard]] std::span<const ScanRecord> ended() const noexcept { return ended_; }
  void forget_ended() noexcept { ended_.clear(); }

 private:
  ScanDetector(const ScanOptions& options, ScanCandidates candidates, base::Mapping tracks);

  void note_kind(const ScanAttempt& attempt, ScanKind kind) noexcept;
  /// A candidate has no room for what else was tried: gives it a track.
  [[nodiscard]] ScanTrack& begin_track(ScanCandidate& candidate,
                                       const ScanAttempt& attempt) noexcept;
  [[nodiscard]] ScanTrack& free_track() noexcept;
  void judge(ScanTrack& track, const ScanAttempt& attempt) noexcept;
  void make_block(const ScanAttempt& attempt) noexcept;
  [[nodiscard]] ScanTrack* block_of(uint64_t source_key) const noexcept;
  [[nodiscard]] bool is_scan(uint64_t key) const noexcept;
  /// Ends it, with a record if it was a scan, and frees it and its candidate.
  void close(ScanTrack& track) noexcept;
  void clear(ScanCandidate& candidate) noexcept;
  [[nodiscard]] std::span<ScanTrack> tracks() const noexcept {
    return {static_cast<ScanTrack*>(tracks_.data()), kMaxTracks};
  }

  ScanOptions options_;
  ScanCandidates candidates_;
  base::Mapping tracks_;
  uint32_t tracks_used_ = 0;  ///< those behind have never been used
  uint32_t blocks_ = 0;
  std::vector<ScanRecord> ended_;  ///< capacity reserved
};

}  // namespace pktana::flow
