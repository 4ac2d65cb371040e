// SPDX-License-Identifier: Apache-2.0
// A finished text to stdout: help, version, the list of interfaces.
#pragma once

#include <string_view>

#include "cli/exit_status.h"

namespace pktana::cli {

/// A closed pipe is fine, another failure is reported.
[[nodiscard]] ExitStatus print_text(std::string_view text);

}  // namespace pktana::cli
