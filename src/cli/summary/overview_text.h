// SPDX-License-Identifier: Apache-2.0
// What --show summary says of the traffic: span of time, shares with bars, TCP's health.
#pragma once

#include <string>

#include "cli/summary/flow_sums.h"
#include "engine/ledger.h"
#include "sink/output_options.h"

namespace pktana::cli {

struct OverviewOptions {
  unsigned columns = 80;  ///< the bars take what the numbers leave; below 60 there are none
  bool color = false;
  sink::TimeZone time_zone = sink::TimeZone::Utc;
};

/// Several lines, each ended; sections without anything in them are left out.
[[nodiscard]] std::string overview_text(const engine::Ledger& ledger, const FlowSums& sums,
                                        const OverviewOptions& options);

}  // namespace pktana::cli
