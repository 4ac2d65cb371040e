// SPDX-License-Identifier: Apache-2.0
#include "flow/block_pool.h"

#include "support/catch.h"

namespace pktana::flow {
namespace {

struct Block {
  uint64_t value = 7;
  uint64_t more = 8;
};

TEST_CASE("block pool: as many as it was made for, then none") {
  auto pool = BlockPool<Block>::create(2);
  REQUIRE(pool);
  const BlockHandle first = pool->take();
  const BlockHandle second = pool->take();
  CHECK(first != kNoBlock);
  CHECK(second != kNoBlock);
  CHECK(first != second);
  CHECK(pool->take() == kNoBlock);
  CHECK(pool->taken() == 2);
}

TEST_CASE("block pool: a block given back is made anew when it is taken again") {
  auto pool = BlockPool<Block>::create(1);
  REQUIRE(pool);
  const BlockHandle first = pool->take();
  pool->at(first) = {.value = 1, .more = 2};
  pool->give_back(first);
  CHECK(pool->taken() == 0);
  const BlockHandle again = pool->take();
  REQUIRE(again != kNoBlock);
  CHECK(pool->at(again).value == 7);
  CHECK(pool->at(again).more == 8);
}

TEST_CASE("block pool: one without blocks gives none") {
  auto pool = BlockPool<Block>::create(0);
  REQUIRE(pool);
  CHECK(pool->take() == kNoBlock);
}

}  // namespace
}  // namespace pktana::flow
