// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.h"

#include "support/catch.h"

namespace pktana::base {
namespace {

const std::vector<std::string> kNames{"--format", "--events", "--show", "--time-zone", "-i"};

TEST_CASE("nearest: a letter missing, doubled, wrong or swapped is forgiven") {
  for (const char* typed : {"--fromat", "--formt", "--formatt", "--fermat"})
    CHECK(nearest(typed, kNames) == "--format");
}

TEST_CASE("nearest: the beginning of a name is enough") {
  CHECK(nearest("--time", kNames) == "--time-zone");
}

TEST_CASE("nearest: nothing is better than a wild guess") {
  CHECK(nearest("--bogus-thing", kNames).empty());
  CHECK(nearest(std::string(100'000, 'x'), kNames).empty());
  CHECK(suggestion("qqq", kNames).empty());
}

TEST_CASE("nearest: a suggestion is a question") {
  CHECK(suggestion("--sohw", kNames) == "; did you mean --show?");
}

}  // namespace
}  // namespace pktana::base
