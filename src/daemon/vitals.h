// SPDX-License-Identifier: Apache-2.0
// Whether the daemon lives and how it does: the sign of life for the watchdog, and the line of
// STATUS=.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/ledger.h"

namespace pktana::daemon {

/// Every worker and the sink have moved on since the last sign of life.
class Pulse {
 public:
  /// @param beats of each worker. @return true: they have all moved, and the count begins anew.
  [[nodiscard]] bool feel(const std::vector<uint64_t>& beats, const sink::SinkTotals& sink);

 private:
  std::vector<uint64_t> last_beats_;
  uint64_t last_done_ = 0;  ///< records that the sink was done with
};

/// Rates between two looks at the ledger.
class Rates {
 public:
  /// "1.2 kpps, 3.4 Mbit/s, 0.00% dropped, 34 flows"; rates are those since the last call.
  [[nodiscard]] std::string line(const engine::Ledger& ledger, int64_t now_ns);

 private:
  int64_t last_ns_ = 0;
  uint64_t last_packets_ = 0;
  uint64_t last_bytes_ = 0;
  uint64_t last_seen_ = 0;
  uint64_t last_drops_ = 0;
};

/// "1.2 k", "3.4 M".
[[nodiscard]] std::string short_count(double value);

}  // namespace pktana::daemon
