// SPDX-License-Identifier: Apache-2.0
#include "filter/regex.h"

#include <random>
#include <regex>
#include <string>

#include "support/catch.h"

namespace pktana::filter {
namespace {

bool finds(std::string_view pattern, std::string_view text) {
  const auto regex = Regex::compile(pattern);
  REQUIRE(regex);
  return regex->search(text);
}

TEST_CASE("regex: a match may stand anywhere, unless it is anchored") {
  CHECK(finds("example", "www.example.com"));
  CHECK_FALSE(finds("^example", "www.example.com"));
  CHECK(finds("^www", "www.example.com"));
  CHECK(finds("com$", "www.example.com"));
  CHECK_FALSE(finds("com$", "www.example.com."));
  CHECK(finds("^$", ""));
  CHECK_FALSE(finds("^$", "x"));
  CHECK(finds("", "x"));
}

TEST_CASE("regex: anchors inside groups and repetitions") {
  CHECK(finds("(^a|b$)", "ax"));
  CHECK(finds("(^a|b$)", "xb"));
  CHECK_FALSE(finds("(^a|b$)", "xbx"));
  CHECK(finds("a($)*", "a"));
  CHECK_FALSE(finds("a^b", "ab"));
}

TEST_CASE("regex: classes, escapes and upper and lower case") {
  CHECK(finds(R"(^\d{1,3}(\.\d{1,3}){3}$)", "192.0.2.10"));
  CHECK_FALSE(finds(R"(^\d{1,3}(\.\d{1,3}){3}$)", "192.0.2"));
  CHECK(finds(R"([^a-z\-])", "abcD"));
  CHECK_FALSE(finds(R"([^a-z\-])", "ab-c"));
  CHECK(finds(R"([]x])", "]"));
  CHECK(finds(R"(\x41\tB)", "A\tB"));
  CHECK(finds(R"(^\w+\s\W$)", "a_1 !"));
  CHECK(finds("(?i)ExAmPlE", "EXAMPLE"));
  CHECK(finds("(?i)[a-c]x", "BX"));
  CHECK_FALSE(finds("a.b", "a\nb"));
}

TEST_CASE("regex: what kills a backtracker takes linear time") {
  const std::string text(100'000, 'a');
  CHECK_FALSE(finds("(a+)+$b", text));
  CHECK_FALSE(finds("(a|a)*b", text));
  CHECK_FALSE(finds("^(([a-z])+.)+[A-Z]([a-z])+$", text));
}

TEST_CASE("regex: what would grow too large is refused at once") {
  for (const char* pattern : {"(.{100}a){900}", ".*a.{14}", "((((a{1000}){1000}){1000}){1000})",
                              "((((){1000}){1000}){1000}){1000}"}) {
    INFO(pattern);
    const auto regex = Regex::compile(pattern);
    REQUIRE_FALSE(regex);
    CHECK(regex.error().detail.starts_with("too large"));
  }
}

/// A pattern of letters, dots, groups and repetitions.
std::string random_pattern(std::mt19937& random, unsigned depth) {
  std::string pattern;
  for (size_t parts = 1 + random() % 4; parts > 0; --parts) {
    switch (random() % (depth > 0 ? 7 : 4)) {
      case 0:
        pattern += "[ab]";
        break;
      case 1:
        pattern += '.';
        break;
      case 2:
      case 3:
        pattern += static_cast<char>('a' + random() % 3);
        break;
      default:
        pattern +=
            "(" + random_pattern(random, depth - 1) + "|" + random_pattern(random, depth - 1) + ")";
    }
    constexpr const char* kRepeats[] = {"", "", "", "*", "+", "?", "{2}", "{1,2}"};
    pattern += kRepeats[random() % std::size(kRepeats)];
  }
  return pattern;
}

TEST_CASE("regex: agrees with the standard library's on random patterns") {
  std::mt19937 random(7);
  unsigned wrong = 0;
  unsigned too_large = 0;
  for (unsigned i = 0; i < 300; ++i) {
    std::string pattern = random_pattern(random, 1);
    if (random() % 4 == 0) pattern = "^" + pattern;
    if (random() % 4 == 0) pattern += "$";
    const auto ours = Regex::compile(pattern);
    if (!ours) {
      ++too_large;
      continue;
    }
    const std::regex reference(pattern, std::regex::ECMAScript);
    for (unsigned k = 0; k < 20; ++k) {
      std::string text;
      for (size_t length = random() % 9; length > 0; --length)
        text += static_cast<char>('a' + random() % 4);
      wrong += ours->search(text) != std::regex_search(text, reference);
    }
  }
  CHECK(wrong == 0);
  CHECK(too_large < 15);
}

}  // namespace
}  // namespace pktana::filter
