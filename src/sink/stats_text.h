// SPDX-License-Identifier: Apache-2.0
// Text helper of the writers that have stats events: the counters and the ledger as JSON members.
// Rare, so the line is made in a string.
#pragma once

#include <string>
#include <string_view>

#include "sink/stats_record.h"

namespace pktana::sink {

/// What a format has around the members.
struct StatsFrame {
  std::string_view before;        ///< up to the member before; what follows begins with a comma
  std::string_view between = {};  ///< between the counters and the ledger
  std::string_view after;         ///< the end of the line, newline included
};

/// Writes one line of at most kMaxLineBytes: `before`, "stats":{uptime, capture, decoder, flow},
/// `between`, "ledger":{...}, `after`. Groups of counters that would make it longer are left out,
/// `decoder` and `flow` first, then the ledger, and "left_out":true says so.
/// A ledger line without a total (unknown) has null for the total and for `balanced`.
char* put_stats_line(char* out, const StatsRecord& record, const StatsFrame& frame);

}  // namespace pktana::sink
