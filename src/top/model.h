// SPDX-License-Identifier: Apache-2.0
// From snapshots to what is shown: rates, their history, rows in order. Pure: no clock, no I/O.
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "top/snapshot.h"
#include "top/source.h"

namespace pktana::top {

/// Per second, between the last two snapshots.
struct Rates {
  double packets = 0;
  double bytes = 0;
  double drops = 0;
  double new_flows = 0;
};

/// One of the Rates for as long as is kept, oldest first.
using History = std::deque<double>;

/// One thread; a copy is a picture that stands still.
class Model {
 public:
  static constexpr size_t kMaxHistory = 512;
  static constexpr size_t kMaxRemembered = 10'000;  ///< flows whose rate can be told
  /// Rates over less time than this would jump: the last ones stay.
  static constexpr int64_t kLeastNs = 250'000'000;

  void update(Snapshot snapshot);

  [[nodiscard]] const Snapshot& now() const noexcept { return now_; }
  [[nodiscard]] bool is_empty() const noexcept { return since_.taken_ns == 0; }
  [[nodiscard]] bool has_rates() const noexcept { return !packets_.empty(); }
  [[nodiscard]] const Rates& rates() const noexcept { return rates_; }
  [[nodiscard]] const History& packets() const noexcept { return packets_; }
  [[nodiscard]] const History& bytes() const noexcept { return bytes_; }
  [[nodiscard]] const History& flows() const noexcept { return flows_; }  ///< live ones, no rate
  [[nodiscard]] const History& drops() const noexcept { return drops_; }

  /// Flows, the greatest first; what has no rate yet comes last. Lifetime: until update().
  [[nodiscard]] std::vector<const Flow*> sorted_flows(Sort sort, bool reverse) const;

 private:
  struct Seen {
    uint64_t bytes = 0;
    int64_t taken_ns = 0;
  };
  /// What rates are counted from.
  struct Since {
    Counters counters;
    int64_t taken_ns = 0;
    int64_t time_ns = 0;
    std::string where;
    bool whole = false;  ///< Snapshot::is_whole()
  };
  void set_rates(const Snapshot& next);
  void set_flow_rates(Snapshot& next) const;
  void remember(const Snapshot& next);

  Snapshot now_;
  Since since_;
  Rates rates_;
  History packets_;
  History bytes_;
  History flows_;
  History drops_;
  std::unordered_map<uint64_t, Seen> seen_;  ///< by flow id
};

}  // namespace pktana::top
