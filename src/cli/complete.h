// SPDX-License-Identifier: Apache-2.0
// Shell completion: what may follow the words typed so far. The scripts of the shells ask the
// program (`pktana complete -- WORDS`), so they never know less than it does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_status.h"
#include "cli/options.h"

namespace pktana::cli {

struct Candidate {
  std::string word;
  std::string description;  ///< may be empty
};

struct Completion {
  std::vector<Candidate> candidates;
  bool files = false;  ///< names of files may stand here, too
};

/// @param words without the program's name; the last is the one being typed, may be empty.
[[nodiscard]] Completion complete(const std::vector<std::string>& words);

/// The values that an option takes, when it is one of a few words; asked of the option itself.
[[nodiscard]] std::vector<std::string> choices_of(const std::string& command,
                                                  const std::string& option);

/// The script for "bash", "zsh" or "fish"; empty for another shell.
[[nodiscard]] std::string completion_script(std::string_view shell);

/// A candidate per line: word, tab, description; ":files" = names of files.
[[nodiscard]] ExitStatus run_complete(const Options& options);

[[nodiscard]] ExitStatus run_completions(const Options& options);

}  // namespace pktana::cli
