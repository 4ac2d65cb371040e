// SPDX-License-Identifier: Apache-2.0
// What the help texts say of each command and option, as data: for shell completion. The help texts
// stay the one place where options are described.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pktana::cli {

struct OptionHelp {
  std::vector<std::string> names;  ///< "-c", "--count"
  std::string value;               ///< "FILE", "N"; empty = a flag
  std::string description;         ///< its first line
};

/// The options that a help text describes, in its order.
[[nodiscard]] std::vector<OptionHelp> options_in(std::string_view help_text);

struct CommandHelp {
  std::string name;
  std::string description;
};

/// The commands of the program, in the order of its help text.
[[nodiscard]] std::vector<CommandHelp> commands_in(std::string_view help_text);

}  // namespace pktana::cli
