// SPDX-License-Identifier: Apache-2.0
// What --help prints. No line has more than 80 columns; a test holds them against the options
// that there are.
#pragma once

#include <string>
#include <string_view>

namespace pktana::cli {

/// All there is to say (--help-all).
/// @param command "capture", "read", "interfaces", or empty for the program itself.
[[nodiscard]] std::string help_text(std::string_view command);
/// What fits a screen of 50 lines (--help): without options that few need.
[[nodiscard]] std::string short_help_text(std::string_view command);

}  // namespace pktana::cli
