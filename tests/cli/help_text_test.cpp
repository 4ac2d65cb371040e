// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"

#include <algorithm>
#include <sstream>

#include "cli/typed_words.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

TEST_CASE("help: every text fits a screen of 80 columns and 50 lines") {
  for (const char* command : {"", "capture", "read", "interfaces", "inspect", "fields", "doctor",
                              "query", "verify", "ctl", "top"}) {
    std::istringstream lines(short_help_text(command));
    size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      CHECK(line.size() <= 80);
    CHECK(count > 5);
    CHECK(count <= 50);
    std::istringstream all(help_text(command));
    for (std::string line; std::getline(all, line);)
      CHECK(line.size() <= 80);
  }
}

TEST_CASE("help: every option of a command is told of, long name and short") {
  for (const char* command : {"capture", "read", "interfaces", "inspect", "fields", "doctor",
                              "query", "verify", "ctl", "top"}) {
    const std::string text = help_text(command);
    for (const std::string& name : option_names(command)) {
      INFO(command << " " << name);
      CHECK(text.find(" " + name) != std::string::npos);
    }
  }
}

TEST_CASE("help: no option is told of that is not there") {
  for (const char* command : {"capture", "read", "interfaces", "inspect", "fields", "doctor",
                              "query", "verify", "ctl", "top"}) {
    const std::vector<std::string> names = option_names(command);
    std::istringstream words(help_text(command));
    for (std::string word; words >> word;) {
      if (!word.starts_with("--") || word == "--") continue;
      word.erase(word.find_last_not_of(",.;:)'") + 1);
      word.erase(std::min(word.find(']'), word.size()));
      INFO(command << " " << word);
      CHECK(std::find(names.begin(), names.end(), word) != names.end());
    }
  }
}

}  // namespace
}  // namespace pktana::cli
