// SPDX-License-Identifier: Apache-2.0
#include "cli/option_help.h"

#include <algorithm>
#include <sstream>

namespace pktana::cli {
namespace {

std::string after_blanks(const std::string& line, size_t from) {
  const size_t begin = line.find_first_not_of(' ', from);
  return begin == std::string::npos ? std::string() : line.substr(begin);
}

/// "-c, --count N": names, and what is no name is the value.
OptionHelp split_synopsis(const std::string& synopsis) {
  OptionHelp option;
  std::istringstream words(synopsis);
  for (std::string word; words >> word;) {
    if (word.ends_with(',')) word.pop_back();
    if (word.starts_with('-'))
      option.names.push_back(word);
    else
      option.value += (option.value.empty() ? "" : " ") + word;
  }
  return option;
}

}  // namespace

std::vector<OptionHelp> options_in(std::string_view help_text) {
  std::vector<OptionHelp> options;
  std::istringstream lines{std::string(help_text)};
  for (std::string line; std::getline(lines, line);) {
    const size_t begin = line.find_first_not_of(' ');
    // Indented and a dash; deeper than that is the continuation of a description.
    if (begin == std::string::npos || begin < 2 || begin > 6 || line[begin] != '-') continue;
    const size_t gap = line.find("  ", begin);
    OptionHelp option = split_synopsis(line.substr(begin, gap - begin));
    if (gap != std::string::npos) option.description = after_blanks(line, gap);
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<CommandHelp> commands_in(std::string_view help_text) {
  std::vector<CommandHelp> commands;
  std::istringstream lines{std::string(help_text)};
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && line.empty()) break;
    const size_t gap = line.find("  ", 2);
    if (inside && line.starts_with("  ") && line.size() > 2 && line[2] != ' ' &&
        gap != std::string::npos)
      commands.push_back({line.substr(2, gap - 2), after_blanks(line, gap)});
    inside = inside || line == "Commands:";
  }
  return commands;
}

}  // namespace pktana::cli
