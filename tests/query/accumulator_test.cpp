// SPDX-License-Identifier: Apache-2.0
#include "query/accumulator.h"

#include "support/catch.h"

namespace pktana::query {
namespace {

Distribution numbers_to(int64_t last) {
  Distribution distribution;
  for (int64_t number = last; number >= 1; --number)
    distribution.add(number);
  return distribution;
}

TEST_CASE("accumulator: the 95th percentile of few numbers is one of them, by nearest rank") {
  CHECK(Distribution().p95() == 0);
  CHECK(numbers_to(1).p95() == 1);
  CHECK(numbers_to(20).p95() == 19);
  CHECK(numbers_to(100).p95() == 95);
  CHECK(numbers_to(8192).is_exact());
  CHECK(numbers_to(8192).p95() == 7783);
}

TEST_CASE("accumulator: the 95th percentile of many numbers is right within 1/128") {
  const Distribution many = numbers_to(100'000);
  CHECK_FALSE(many.is_exact());
  CHECK(many.p95() >= 95'000);
  CHECK(many.p95() <= 95'000 + 95'000 / 128);
}

TEST_CASE("accumulator: the largest numbers have a step too") {
  Distribution large;
  for (size_t i = 0; i <= Distribution::kMaxExact; ++i)
    large.add(INT64_MAX);
  CHECK(large.p95() == INT64_MAX);
}

TEST_CASE("accumulator: merged distributions are that of all numbers, however they were parted") {
  Distribution all;
  Distribution first;
  Distribution second;
  for (int64_t number = 0; number < 20'000; ++number) {
    all.add(number);
    (number < 500 ? first : second).add(number);
  }
  REQUIRE(first.is_exact());
  Distribution other_way = first;
  other_way.merge(second);
  second.merge(first);
  CHECK(second.p95() == all.p95());
  CHECK(other_way.p95() == all.p95());
}

TEST_CASE("accumulator: sums go beyond 64 bits") {
  Accumulator one;
  one.add(INT64_MAX, false);
  one.add(-3, false);
  Accumulator two;
  two.add(INT64_MAX, false);
  one.merge(two);
  CHECK(one.sum() == Wide{INT64_MAX} * 2 - 3);
  CHECK(one.count() == 3);
  CHECK(one.min() == -3);
  CHECK(one.max() == INT64_MAX);
}

}  // namespace
}  // namespace pktana::query
