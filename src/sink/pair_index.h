// SPDX-License-Identifier: Apache-2.0
// Finds the number of an entry by the hash of its key: a flat table of numbers for at most
// kMaxEntries entries that live elsewhere. For NameStage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.h"

namespace pktana::sink {

/// One thread. The whole table is allocated with the first entry: eight bytes a place, two places
/// an entry.
class PairIndex {
 public:
  static constexpr uint32_t kMaxEntries = 65536;
  static constexpr uint32_t kNone = UINT32_MAX;

  [[nodiscard]] bool empty() const noexcept { return places_.empty(); }

  void prefetch(uint32_t hash) const noexcept {
    if (!empty()) base::prefetch_for_read(&places_[home(hash)]);
  }

  /// @param is_it called with the number of an entry of this hash: whether its key is the one.
  /// @return the number, or kNone.
  template <typename Matches>
  [[nodiscard]] uint32_t find(uint32_t hash, Matches is_it) const noexcept {
    if (empty()) return kNone;
    for (size_t at = home(hash); places_[at].used; at = next(at))
      if (places_[at].hash == hash && is_it(places_[at].entry())) return places_[at].entry();
    return kNone;
  }

  /// An entry that is not in yet; at most kMaxEntries are.
  void insert(uint32_t hash, uint32_t entry) {
    if (empty()) places_.resize(kPlaces);
    size_t at = home(hash);
    while (places_[at].used)
      at = next(at);
    places_[at] = {.hash = hash, .used = entry + 1};
  }

  /// An entry that is in.
  void erase(uint32_t hash, uint32_t entry) noexcept {
    size_t hole = home(hash);
    while (places_[hole].used != entry + 1)
      hole = next(hole);
    // What stands behind the hole moves into it, unless it would stand before its home then.
    for (size_t at = next(hole); places_[at].used; at = next(at)) {
      const size_t from_home = (at - home(places_[at].hash)) % kPlaces;
      const size_t from_hole = (at - hole) % kPlaces;
      if (from_home < from_hole) continue;
      places_[hole] = places_[at];
      hole = at;
    }
    places_[hole] = {};
  }

 private:
  static constexpr size_t kPlaces = size_t{2} * kMaxEntries;

  struct Place {
    uint32_t hash = 0;
    uint32_t used = 0;  ///< number of the entry + 1; 0 = none
    [[nodiscard]] uint32_t entry() const noexcept { return used - 1; }
  };

  [[nodiscard]] static size_t home(uint32_t hash) noexcept { return hash % kPlaces; }
  [[nodiscard]] static size_t next(size_t at) noexcept { return (at + 1) % kPlaces; }

  std::vector<Place> places_;
};

}  // namespace pktana::sink
