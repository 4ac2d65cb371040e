// SPDX-License-Identifier: Apache-2.0
// What the application layer of a worker has counted since it began.
#pragma once

#include <cstdint>

namespace pktana::app {

struct AppTotals {
  uint64_t flows_seen = 0;  ///< with payload
  uint64_t flows_recognised = 0;
  uint64_t flows_unknown = 0;  ///< looked at and given up
  uint64_t gaps = 0;           ///< holes in streams that dissectors were told of
  uint64_t gap_bytes = 0;
  uint64_t memory_refusals = 0;  ///< bytes that could not be kept: the flow went on with a gap
  uint64_t rejected = 0;         ///< dissectors that gave a flow back
  uint64_t misuses = 0;          ///< calls of dissectors that made no sense
  uint64_t memory_bytes = 0;     ///< held now

  AppTotals& operator+=(const AppTotals& other) noexcept {
    flows_seen += other.flows_seen;
    flows_recognised += other.flows_recognised;
    flows_unknown += other.flows_unknown;
    gaps += other.gaps;
    gap_bytes += other.gap_bytes;
    memory_refusals += other.memory_refusals;
    rejected += other.rejected;
    misuses += other.misuses;
    memory_bytes += other.memory_bytes;
    return *this;
  }
};

}  // namespace pktana::app
