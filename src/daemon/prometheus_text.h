// SPDX-License-Identifier: Apache-2.0
// The daemon's numbers in Prometheus' text format, version 0.0.4.
#pragma once

#include <string>

#include "daemon/control_target.h"

namespace pktana::daemon {

[[nodiscard]] std::string prometheus_text(const DaemonFacts& facts, const engine::Ledger& ledger,
                                          ControlTarget& target);

}  // namespace pktana::daemon
