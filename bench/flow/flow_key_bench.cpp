// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"

#include <benchmark/benchmark.h>

#include "flow_feed.h"

namespace pktana::bench {
namespace {

bool is_right(PacketMaker& maker, const support::Conversation& expected) {
  flow::FlowPacket made;
  maker.make(7, 0, made);
  const parse::Packet packet = support::decoded(expected, true, {});
  const flow::DirectedKey key = flow::make_key(packet, {});
  return made.key == key.key && made.hash == flow::hash_key(support::test_secret(), key.key);
}

/// From a decoded packet to key, hash and the fields that the table needs.
void make_packets(benchmark::State& state, uint8_t ip_version, support::Conversation expected) {
  PacketMaker maker(ip_version, flow::kProtocolTcp);
  base::store_be<uint32_t>(expected.client.data() + (ip_version == 4 ? 0 : 12), 0x0A000007);
  if (!is_right(maker, expected)) return state.SkipWithError("wrong key");
  std::array<flow::FlowPacket, kGroup> group;
  uint32_t number = 0;
  for (auto _ : state) {
    (void)_;
    for (flow::FlowPacket& packet : group)
      maker.make(number++, 0, packet);
    benchmark::DoNotOptimize(group);
  }
  state.SetItemsProcessed(state.iterations() * int64_t{kGroup});
}

BENCHMARK_CAPTURE(make_packets, ipv4, uint8_t{4}, support::conversation(7));
BENCHMARK_CAPTURE(make_packets, ipv6, uint8_t{6}, support::conversation6(7));

}  // namespace
}  // namespace pktana::bench

BENCHMARK_MAIN();
