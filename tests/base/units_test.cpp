// SPDX-License-Identifier: Apache-2.0
#include "base/units.h"

#include <limits>

#include "support/catch.h"

namespace pktana::base {
namespace {

TEST_CASE("units: a plain number is seconds") {
  CHECK(parse_duration_ns("0") == 0);
  CHECK(parse_duration_ns("30") == 30'000'000'000);
}

TEST_CASE("units: durations take units, in upper case too") {
  CHECK(parse_duration_ns("5s") == 5'000'000'000);
  CHECK(parse_duration_ns("500ms") == 500'000'000);
  CHECK(parse_duration_ns("7us") == 7'000);
  CHECK(parse_duration_ns("9ns") == 9);
  CHECK(parse_duration_ns("10m") == 600'000'000'000);
  CHECK(parse_duration_ns("10min") == 600'000'000'000);
  CHECK(parse_duration_ns("2H") == 7'200'000'000'000);
  CHECK(parse_duration_ns("1d") == 86'400'000'000'000);
}

TEST_CASE("units: fractions are exact to the nanosecond") {
  CHECK(parse_duration_ns("1.5s") == 1'500'000'000);
  CHECK(parse_duration_ns("0.000000001") == 1);
  CHECK(parse_duration_ns("0.25ms") == 250'000);
}

TEST_CASE("units: what is no duration is refused") {
  for (const char* text :
       {"", "s", "5x", "-5s", "5 s", "1.s", ".5s", "1.5.5s", "5ss", "1e3", "0x10"})
    CHECK_FALSE(parse_duration_ns(text));
}

TEST_CASE("units: a duration beyond 63 bits of nanoseconds is refused") {
  CHECK(parse_duration_ns("9223372036s"));
  CHECK_FALSE(parse_duration_ns("9223372037s"));
  CHECK_FALSE(parse_duration_ns("99999999999999999999s"));
}

TEST_CASE("units: the error quotes the text and says what to write") {
  const auto refused = parse_duration_ns("5x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail ==
        "'5x' is not a duration; write 30s, 500ms, 10m, 2h, or a number of seconds");
}

TEST_CASE("units: KiB counts by 1024, kB by 1000, K like KiB") {
  CHECK(parse_size_bytes("4096") == 4096U);
  CHECK(parse_size_bytes("1B") == 1U);
  CHECK(parse_size_bytes("64KiB") == 65536U);
  CHECK(parse_size_bytes("64K") == 65536U);
  CHECK(parse_size_bytes("64kB") == 64000U);
  CHECK(parse_size_bytes("1.5MiB") == 1572864U);
  CHECK(parse_size_bytes("1GB") == 1'000'000'000U);
  CHECK(parse_size_bytes("1GiB") == 1ULL << 30);
  CHECK(parse_size_bytes("2T") == 2ULL << 40);
}

TEST_CASE("units: a size beyond 64 bits is refused") {
  CHECK(parse_size_bytes("18446744073709551615") == std::numeric_limits<uint64_t>::max());
  CHECK_FALSE(parse_size_bytes("18446744073709551616"));
  CHECK_FALSE(parse_size_bytes("16777216TiB"));
  CHECK_FALSE(parse_size_bytes("12parsecs"));
}

TEST_CASE("units: counts are whole numbers within their limits") {
  CHECK(parse_count("1_000_000", 1, 2'000'000) == 1'000'000U);
  CHECK(parse_count("1", 1, 2) == 1U);
  CHECK_FALSE(parse_count("0", 1, 2));
  CHECK_FALSE(parse_count("3", 1, 2));
  CHECK_FALSE(parse_count("1k", 1, 2'000));
  CHECK_FALSE(parse_count("", 0, 2));
  CHECK_FALSE(parse_count("_", 0, 2));
  CHECK_FALSE(parse_count("-1", 0, 2));
}

}  // namespace
}  // namespace pktana::base
