// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

#include "cli/help_text.h"
#include "cli/option_help.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

std::vector<std::string> words_for(const std::vector<std::string>& typed) {
  std::vector<std::string> words;
  for (const Candidate& candidate : complete(typed).candidates)
    words.push_back(candidate.word);
  return words;
}

using Words = std::vector<std::string>;

TEST_CASE("option help: names, value and first line of a description") {
  const auto options = options_in(
      "Usage: x\n\n"
      "  -c, --count N      stop after N\n"
      "                     -- not an option\n"
      "      --json         one object\n"
      "  -h, --help\n");
  REQUIRE(options.size() == 3);
  CHECK(options[0].names == Words{"-c", "--count"});
  CHECK(options[0].value == "N");
  CHECK(options[0].description == "stop after N");
  CHECK(options[1].names == Words{"--json"});
  CHECK(options[1].value.empty());
  CHECK(options[2].description.empty());
}

TEST_CASE("option help: the commands of the program") {
  const auto commands = commands_in(
      "x\n\nCommands:\n  one    first\n         more of it\n  two    second\n\n  three  no\n");
  REQUIRE(commands.size() == 2);
  CHECK(commands[0].name == "one");
  CHECK(commands[1].description == "second");
}

TEST_CASE("complete: commands first, then what the command takes") {
  CHECK(words_for({"cap"}) == Words{"capture"});
  CHECK(words_for({"read", "--time-"}) == Words{"--time-zone"});
  CHECK(words_for({"read", "--time-zone", "l"}) == Words{"local"});
  CHECK(words_for({"--vers"}) == Words{"--version"});
  CHECK(words_for({}).empty());
}

TEST_CASE("complete: a number has no candidates, nor has the filter of a capture") {
  CHECK(words_for({"read", "-c", ""}).empty());
  CHECK_FALSE(complete({"read", "-c", ""}).files);
  CHECK(words_for({"capture", "-i", "lo", "tcp", "p"}).empty());
}

TEST_CASE("complete: choices are those that the option itself names") {
  CHECK(choices_of("read", "--show") == Words{"packets", "flows", "summary"});
  CHECK(choices_of("read", "--count").empty());
  CHECK(choices_of("read", "--quiet").empty());
}

}  // namespace
}  // namespace pktana::cli
