// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <cstdlib>

#include "support/catch.h"

namespace pktana::cli {
namespace {

constexpr int kNoTerminal = -1;

TEST_CASE("terminal: messages keep line ends, quotes and backslashes, and show other controls") {
  CHECK(printable("a\nb \"c\" \\d") == "a\nb \"c\" \\d");
  CHECK(printable("\x1b[31mred\x07") == "\\u001b[31mred\\u0007");
  CHECK(printable("\xff\xc3\xa4") == "\\u00ff\xc3\xa4");
  CHECK(printable("\xc2\x9b") == "\\u00c2\\u009b");
  CHECK(printable("").empty());
  CHECK(printable("\n") == "\n");
}

TEST_CASE("terminal: --color decides over everything else") {
  ::setenv("NO_COLOR", "1", 1);
  CHECK(use_color(ColorChoice::Always, kNoTerminal));
  ::unsetenv("NO_COLOR");
  ::setenv("CLICOLOR_FORCE", "1", 1);
  CHECK_FALSE(use_color(ColorChoice::Never, kNoTerminal));
  ::unsetenv("CLICOLOR_FORCE");
}

TEST_CASE("terminal: CLICOLOR_FORCE colours a pipe, NO_COLOR is stronger") {
  CHECK_FALSE(use_color(ColorChoice::Auto, kNoTerminal));
  ::setenv("CLICOLOR_FORCE", "1", 1);
  CHECK(use_color(ColorChoice::Auto, kNoTerminal));
  ::setenv("NO_COLOR", "1", 1);
  CHECK_FALSE(use_color(ColorChoice::Auto, kNoTerminal));
  ::unsetenv("NO_COLOR");
  ::setenv("CLICOLOR_FORCE", "0", 1);
  CHECK_FALSE(use_color(ColorChoice::Auto, kNoTerminal));
  ::unsetenv("CLICOLOR_FORCE");
}

}  // namespace
}  // namespace pktana::cli
