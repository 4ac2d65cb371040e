// SPDX-License-Identifier: Apache-2.0
// The client's side of the control socket, for `pktana ctl`.
#pragma once

#include <atomic>
#include <string>

#include "daemon/control_request.h"

namespace pktana::daemon {

/// Sends one request and waits for its answer, at most 15 seconds.
/// @param request  a JSON object without a newline.
/// @param given_up  set from anywhere to wait no longer; an Error then.
[[nodiscard]] base::Result<ControlReply> call_daemon(const std::string& socket_path,
                                                     const std::string& request,
                                                     const std::atomic<bool>* given_up = nullptr);

}  // namespace pktana::daemon
