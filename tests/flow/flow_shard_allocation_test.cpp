// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "random_traffic.h"
#include "shard_fixture.h"
#include "support/allocation_counter.h"

namespace pktana::flow {
namespace {

TEST_CASE("allocation: the counter counts") {
  const uint64_t before = support::allocation_count();
  ::operator delete(::operator new(1));  // a new-expression may be optimised away
  CHECK(support::allocation_count() == before + 1);
}

TEST_CASE(
    "allocation: none in a million updates with flows that begin, end, split and are evicted") {
  support::RecordCounter counter;
  auto shard = FlowShard::create(
      {.max_flows = 200, .active_timeout_ns = 5 * kSecond, .secret = support::test_secret()},
      counter);
  REQUIRE(shard);
  RandomTraffic traffic(1, {.conversations = 5000});
  const auto feed = [&](int packets) {
    for (int i = 0; i < packets; ++i) {
      FlowPacket packet = traffic.next();
      shard->prefetch_index(packet);
      shard->prefetch_entry(packet);
      shard->update(packet);
      if (i % 32 == 0) shard->sweep(64);
      if (i % 1000 == 0) shard->flush();
    }
  };
  feed(10'000);
  const uint64_t before = support::allocation_count();
  feed(1'000'000);
  shard->end_all();
  CHECK(support::allocation_count() == before);
  const ShardTotals& totals = shard->totals();
  for (const EndReason reason : {EndReason::Idle, EndReason::Closed, EndReason::Reset,
                                 EndReason::Active, EndReason::Evicted, EndReason::TupleReuse}) {
    CAPTURE(to_string(reason));
    CHECK(totals.ended[static_cast<size_t>(reason)] > 100);
  }
  CHECK(counter.packets() == 1'010'000);
}

}  // namespace
}  // namespace pktana::flow
