// SPDX-License-Identifier: Apache-2.0
// The client's side of the control socket, for `pktana ctl`.
#pragma once

#include <string>

#include "daemon/control_request.h"

namespace pktana::daemon {

/// Sends one request and waits for its answer, at most 15 seconds.
/// @param request  a JSON object without a newline.
[[nodiscard]] base::Result<ControlReply> call_daemon(const std::string& socket_path,
                                                     const std::string& request);

}  // namespace pktana::daemon
