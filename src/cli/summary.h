// SPDX-License-Identifier: Apache-2.0
// The numbers of a run in plain words: packets, flows, records, and the ledger that proves that
// none is missing.
#pragma once

#include <string>

#include "engine/run.h"

namespace pktana::cli {

/// Several lines, each ended. Zeros are left out where nobody would miss them; what can't be known
/// is said to be unknown.
[[nodiscard]] std::string summary_text(const engine::RunReport& report, bool color);

/// tcpdump's last words: "N packets captured", "N packets received by filter", "N packets dropped
/// by kernel".
[[nodiscard]] std::string capture_counts(const engine::Ledger& ledger);

}  // namespace pktana::cli
