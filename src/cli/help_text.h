// SPDX-License-Identifier: Apache-2.0
// What --help prints. Each text fits a screen of 80 columns; a test holds them against the options
// that there are.
#pragma once

#include <string>
#include <string_view>

namespace pktana::cli {

/// @param command "capture", "read", "interfaces", or empty for the program itself.
[[nodiscard]] std::string help_text(std::string_view command);

}  // namespace pktana::cli
