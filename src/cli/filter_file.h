// SPDX-License-Identifier: Apache-2.0
// -F FILE: a packet filter kept in a file, as tcpdump reads it.
#pragma once

#include <string>

#include "base/result.h"

namespace pktana::cli {

/// The expression in the file. What stands behind a '#' on a line is a comment; it and the '#'
/// become blanks, so that the place that an error names is the place in the file.
/// @return an Error if the file can't be read or holds more than a filter may be long.
[[nodiscard]] base::Result<std::string> read_filter_file(const std::string& path);

}  // namespace pktana::cli
