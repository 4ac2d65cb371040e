// SPDX-License-Identifier: Apache-2.0
// The answers of the control socket as JSON.
#pragma once

#include <string>
#include <string_view>

#include "daemon/control_target.h"

namespace pktana::daemon {

[[nodiscard]] std::string json_text(std::string_view text);  ///< in quotes, escaped

[[nodiscard]] std::string status_json(ControlTarget& target, const engine::Ledger& ledger);
[[nodiscard]] std::string ledger_json(const engine::Ledger& ledger);
/// The members of a `stats` event.
[[nodiscard]] std::string stats_json(const DaemonFacts& facts, const engine::Ledger& ledger);
/// @param fields  with all fields of each flow.
[[nodiscard]] std::string listing_json(const engine::FlowListing& listing, ControlTarget& target,
                                       bool fields);

}  // namespace pktana::daemon
