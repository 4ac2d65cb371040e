// SPDX-License-Identifier: Apache-2.0
// Messages to stderr: "pktana: error: what failed, where, what to do". The one place of cli/ that
// knows spdlog.
#pragma once

#include <string_view>

#include "base/result.h"

namespace pktana::cli {

/// Until it is called messages are not coloured.
void start_log(bool color);

/// Control characters in `text` are escaped, line ends kept.
void log_error(std::string_view text);
void log_warning(std::string_view text);

/// The error as one message; what to do about it is in its detail.
void log_error(const base::Error& error);

}  // namespace pktana::cli
