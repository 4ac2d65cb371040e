// SPDX-License-Identifier: Apache-2.0
#include "flow/distinct_values.h"

#include <random>

#include "support/catch.h"

using pktana::flow::DistinctValues;

TEST_CASE("distinct values: exact as long as all are kept, repeats don't count") {
  DistinctValues values;
  std::mt19937_64 random(1);
  CHECK(values.count() == 0);
  for (size_t i = 1; i <= DistinctValues::kKept; ++i) {
    const uint64_t hash = random();
    values.add(hash);
    values.add(hash);
    REQUIRE(values.count() == i);
  }
  CHECK_FALSE(values.is_estimated());
}

TEST_CASE("distinct values: beyond that within a tenth, whatever the order, also when joined") {
  constexpr size_t kMany = 100000;
  DistinctValues forwards;
  DistinctValues even;
  DistinctValues odd;
  std::mt19937_64 random(2);
  for (size_t i = 0; i < kMany; ++i) {
    const uint64_t hash = random();
    forwards.add(hash);
    (i % 2 == 0 ? even : odd).add(hash);
  }
  CHECK(forwards.is_estimated());
  CHECK(forwards.count() > kMany * 9 / 10);
  CHECK(forwards.count() < kMany * 11 / 10);
  even.add(odd);
  CHECK(even.count() == forwards.count());
  CHECK(even.is_estimated());
}
