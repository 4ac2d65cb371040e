// SPDX-License-Identifier: Apache-2.0
#include "flow/sequence_gaps.h"

#include <random>
#include <set>

#include "support/catch.h"

namespace pktana::flow {
namespace {

TEST_CASE("sequence gaps: what was skipped is lost until it comes") {
  SequenceGaps gaps;
  gaps.open(100, 200);
  CHECK(gaps.lost() == 100);
  gaps.fill(100, 200);
  CHECK(gaps.lost() == 0);
  CHECK_FALSE(gaps.any_open());
}

TEST_CASE("sequence gaps: a part that comes shortens the hole from either end") {
  SequenceGaps gaps;
  gaps.open(100, 200);
  gaps.fill(50, 130);
  CHECK(gaps.lost() == 70);
  gaps.fill(190, 250);
  CHECK(gaps.lost() == 60);
}

TEST_CASE("sequence gaps: the middle parts a hole in two") {
  SequenceGaps gaps;
  gaps.open(100, 200);
  gaps.fill(140, 160);
  CHECK(gaps.lost() == 80);
  gaps.fill(100, 140);
  CHECK(gaps.lost() == 40);
  gaps.fill(160, 200);
  CHECK(gaps.lost() == 0);
}

TEST_CASE("sequence gaps: one segment may fill several holes, and overlap what was there") {
  SequenceGaps gaps;
  gaps.open(100, 200);
  gaps.open(300, 400);
  gaps.open(500, 600);
  gaps.fill(150, 550);
  CHECK(gaps.lost() == 100);
}

TEST_CASE("sequence gaps: a hole may lie across the wrap") {
  SequenceGaps gaps;
  gaps.open(0xFFFFFFF0U, 0x10);
  CHECK(gaps.lost() == 32);
  gaps.fill(0xFFFFFFF8U, 0x08);
  CHECK(gaps.lost() == 16);
}

TEST_CASE("sequence gaps: of too many holes the oldest is given up") {
  SequenceGaps gaps;
  for (uint32_t i = 0; i < SequenceGaps::kMost + 2; ++i)
    gaps.open(1000 * i, 1000 * i + 10);
  CHECK(gaps.lost() == 10 * (SequenceGaps::kMost + 2));
  gaps.fill(0, 1010);  // the first two are no longer known
  CHECK(gaps.lost() == 10 * (SequenceGaps::kMost + 2));
  gaps.fill(2000, 2010);
  CHECK(gaps.lost() == 10 * (SequenceGaps::kMost + 1));
}

TEST_CASE("sequence gaps: a jump wider than any window is no hole") {
  SequenceGaps gaps;
  gaps.open(0, SequenceGaps::kWidest + 1);
  CHECK(gaps.lost() == 0);
  gaps.open(0, SequenceGaps::kWidest);
  CHECK(gaps.lost() == SequenceGaps::kWidest);
}

TEST_CASE("sequence gaps: any filling leaves what no segment brought") {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    SequenceGaps gaps;
    std::set<uint32_t> missing;
    const auto base = static_cast<uint32_t>(random());
    gaps.open(base, base + 60);
    for (uint32_t i = 0; i < 60; ++i)
      missing.insert(i);
    for (int segment = 0; segment < 3; ++segment) {  // at most 4 holes come of it
      const auto from = static_cast<uint32_t>(random() % 60);
      const auto to = static_cast<uint32_t>(from + 1 + random() % 20);
      gaps.fill(base + from, base + to);
      missing.erase(missing.lower_bound(from), missing.lower_bound(to));
    }
    REQUIRE(gaps.lost() == missing.size());
  }
}

}  // namespace
}  // namespace pktana::flow
