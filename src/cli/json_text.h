// SPDX-License-Identifier: Apache-2.0
// Strings as JSON, for the few objects that the command line prints itself. Records are the sink's.
#pragma once

#include <string>
#include <string_view>

namespace pktana::cli {

/// `text` in quotes, escaped.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace pktana::cli
