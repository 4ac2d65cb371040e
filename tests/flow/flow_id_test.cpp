// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "support/catch.h"
#include "support/flow_packets.h"
#include "support/record_collector.h"

namespace pktana::flow {
namespace {

using support::conversation;
using support::from_client;
using support::kSecond;
using support::kStart;

ShardOptions options() {
  ShardOptions options;
  options.max_flows = 16;
  options.secret = support::test_secret();
  return options;
}

/// Two UDP flows on one key, the second after the first has timed out. `swept`: the timer has taken
/// the first away before.
std::vector<FlowRecord> flows_after_timeout(bool swept) {
  support::RecordCollector collector;
  FlowShard shard = FlowShard::create(options(), collector).value();
  const auto talk = conversation(1, kProtocolUdp);
  shard.update(from_client(talk, {.ts_ns = kStart}));
  if (swept) {
    shard.sweep(16);
    shard.advance(kStart + 40 * kSecond);
    shard.sweep(16);
    REQUIRE(shard.live() == 0);
  }
  shard.update(from_client(talk, {.ts_ns = kStart + 40 * kSecond}));
  shard.end_all();
  return collector.records();
}

TEST_CASE("flow id: is the same whether or not the timer swept the flow before away in time") {
  const auto swept = flows_after_timeout(true);
  const auto found = flows_after_timeout(false);
  REQUIRE(swept.size() == 2);
  REQUIRE(found.size() == 2);
  for (size_t i = 0; i < 2; ++i)
    CHECK(swept[i].flow_id == found[i].flow_id);
  CHECK(swept[0].flow_id != swept[1].flow_id);
}

}  // namespace
}  // namespace pktana::flow
