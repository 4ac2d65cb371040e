// SPDX-License-Identifier: Apache-2.0
#include "flow/loss_times.h"

#include "support/catch.h"

namespace pktana::flow {
namespace {

TEST_CASE("loss times: nothing noted overlaps nothing") {
  CHECK_FALSE(LossTimes{}.overlaps(0, 1'000'000));
}

TEST_CASE("loss times: only lives that touch a span overlap it") {
  LossTimes losses;
  losses.note(100, 200);
  losses.note(500, 600);
  CHECK_FALSE(losses.overlaps(0, 99));
  CHECK(losses.overlaps(0, 100));
  CHECK(losses.overlaps(150, 160));
  CHECK(losses.overlaps(200, 300));
  CHECK_FALSE(losses.overlaps(201, 499));
  CHECK(losses.overlaps(0, 1000));
  CHECK_FALSE(losses.overlaps(601, 1000));
}

TEST_CASE("loss times: spans that touch are one, ends in any order") {
  LossTimes losses;
  for (int64_t i = 0; i < 1000; ++i)
    losses.note(10 * i + 10, 10 * i);
  CHECK(losses.overlaps(5005, 5006));
  CHECK_FALSE(losses.overlaps(10'001, 20'000));
}

TEST_CASE("loss times: of too many spans the oldest grow together") {
  LossTimes losses;
  const auto spans = static_cast<int64_t>(LossTimes::kMostSpans);
  for (int64_t i = 0; i <= spans; ++i)
    losses.note(100 * i, 100 * i + 10);
  CHECK(losses.overlaps(50, 60));  // too much is said, never too little
  CHECK_FALSE(losses.overlaps(150, 160));
  CHECK(losses.overlaps(100 * spans, 100 * spans));
}

}  // namespace
}  // namespace pktana::flow
