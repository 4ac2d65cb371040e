// SPDX-License-Identifier: Apache-2.0
#include "cli/packet_ranges.h"

#include "support/catch.h"

namespace pktana::cli {
namespace {

std::string held(std::string_view text) {
  const auto ranges = PacketRanges::parse(text);
  REQUIRE(ranges);
  std::string numbers;
  for (uint64_t number = 1; number < 10; ++number)
    if (ranges->holds(number)) numbers += std::to_string(number);
  return numbers;
}

TEST_CASE("packet ranges: numbers, ranges, open ends and lists") {
  CHECK(held("3") == "3");
  CHECK(held("3-5") == "345");
  CHECK(held("7-") == "789");
  CHECK(held("-2") == "12");
  CHECK(held("1,4-5,9") == "1459");
  CHECK(PacketRanges::parse("1,4-5")->last() == 5);
  CHECK(PacketRanges().holds(8));
}

TEST_CASE("packet ranges: anything else is refused") {
  for (const char* text : {"", "0", "x", "3-2", "-", "1,,2", "1-2-3", "1;2"})
    CHECK_FALSE(PacketRanges::parse(text));
}

}  // namespace
}  // namespace pktana::cli
