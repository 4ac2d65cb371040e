// SPDX-License-Identifier: Apache-2.0
// The table of those who may be scanning: 4-way sets, the one that has been still for longest makes
// room. Used by ScanDetector.
#pragma once

#include <cstdint>
#include <span>

#include "base/mapping.h"
#include "base/result.h"
#include "flow/scan_track.h"

namespace pktana::flow {

class ScanCandidates {
 public:
  static constexpr uint32_t kCandidates = 65536;
  static constexpr uint32_t kWays = 4;

  [[nodiscard]] static base::Result<ScanCandidates> create();

  /// The one with this key, or nullptr.
  [[nodiscard]] ScanCandidate* find(uint64_t key) const noexcept;
  /// A free place for this key, else the one that is to make room: the caller clears it.
  [[nodiscard]] ScanCandidate& place_for(uint64_t key) const noexcept;

  [[nodiscard]] std::span<ScanCandidate> all() const noexcept {
    return {static_cast<ScanCandidate*>(memory_.data()), kCandidates};
  }
  [[nodiscard]] uint32_t number_of(const ScanCandidate& candidate) const noexcept {
    return static_cast<uint32_t>(&candidate - all().data());
  }

 private:
  explicit ScanCandidates(base::Mapping memory) : memory_(std::move(memory)) {}
  [[nodiscard]] std::span<ScanCandidate> set_of(uint64_t key) const noexcept {
    return all().subspan((key >> 48) % (kCandidates / kWays) * kWays, kWays);
  }

  base::Mapping memory_;
};

}  // namespace pktana::flow
