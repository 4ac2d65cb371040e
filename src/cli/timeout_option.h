// SPDX-License-Identifier: Apache-2.0
// The value of --timeout: which timeouts of the flow table are to be others.
#pragma once

#include <string>

#include "base/result.h"
#include "flow/timeouts.h"

namespace pktana::cli {

/// "tcp.established=10m" or several of that kind with commas between. Protocols: tcp, udp, icmp,
/// other; states: new, established, and closed for tcp. The error's detail says what is wrong.
[[nodiscard]] base::Result<void> read_timeout_list(const std::string& text,
                                                   flow::Timeouts& timeouts);

}  // namespace pktana::cli
