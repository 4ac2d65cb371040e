// SPDX-License-Identifier: Apache-2.0
// The command line: words to Options. Declares the options (with CLI11), gives every value its
// meaning and says what is wrong with it. Options may stand anywhere; "--" ends them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace pktana::cli {

/// @param words  the arguments without the program's name.
/// @return an Error whose detail is a message for the user: usage, exit status 2.
[[nodiscard]] base::Result<Options> parse_command_line(const std::vector<std::string>& words);

}  // namespace pktana::cli
