// SPDX-License-Identifier: Apache-2.0
// The line of EVE's `stats` event. Rare, so it is made in a string.
#pragma once

#include <cstdint>
#include <string_view>

#include "sink/stats_record.h"

namespace pktana::sink {

struct EveStatsContext {
  std::string_view host;  ///< `,"host":"..."` or empty
  uint64_t seq = 0;
};

/// Writes one line of at most kMaxLineBytes. Groups of counters that would make it longer are left
/// out, `decoder` and `flow` first, then the ledger, and pktana.left_out says so.
/// A ledger line without a total (unknown) has null for the total and for `balanced`.
char* put_eve_stats(char* out, const StatsRecord& record, const EveStatsContext& context);

}  // namespace pktana::sink
