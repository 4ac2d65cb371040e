// SPDX-License-Identifier: Apache-2.0
// decode() of frames that lie in the first-level cache: the cost of the decoding itself.
#include <vector>

#include <benchmark/benchmark.h>

#include "parse/ethertype.h"
#include "parse/packet.h"
#include "support/allocation_counter.h"
#include "support/packet_builder.h"

namespace pktana::bench {
namespace {

using namespace support;
using parse::Packet;

constexpr uint16_t kFrames = 64;
constexpr uint16_t kDstPort = 9999;
const Octets kPayload(40, 'x');

Octets tcp4(uint16_t n) {
  const Octets segment = tcp({.src_port = n, .dst_port = kDstPort}, kPayload);
  return ethernet(parse::kEtherTypeIpv4, ipv4({.protocol = 6}, segment));
}
Octets ip4_udp(uint16_t n) {
  return ipv4({}, udp({.src_port = n, .dst_port = kDstPort}, kPayload));
}
Octets udp4(uint16_t n) { return ethernet(parse::kEtherTypeIpv4, ip4_udp(n)); }
Octets vlan_udp4(uint16_t n) {
  return ethernet(parse::kEtherTypeVlan, vlan(n, parse::kEtherTypeIpv4, ip4_udp(n)));
}
Octets tcp6(uint16_t n) {
  const Octets segment = tcp({.src_port = n, .dst_port = kDstPort}, kPayload);
  return ethernet(parse::kEtherTypeIpv6, ipv6({.next_header = 6}, segment));
}
Octets mixed(uint16_t n) {
  switch (n * 7 % 5) {
    case 0:
      return udp4(n);
    case 1:
      return vlan_udp4(n);
    case 2:
      return tcp6(n);
    default:
      return tcp4(n);
  }
}
Octets gre(uint16_t n) {
  const Octets inside = joined(hex("00000800"), ip4_udp(n));
  return ethernet(parse::kEtherTypeIpv4, ipv4({.protocol = 47}, inside));
}
Octets vxlan(uint16_t n) {
  const Octets inside = joined(hex("08000000 00002a00"), udp4(n));
  return ethernet(parse::kEtherTypeIpv4, ipv4({}, udp({.dst_port = 4789}, inside)));
}

bool is_right(const Octets& frame, uint16_t n, const parse::DecodeOptions& options) {
  Packet packet;
  parse::decode({.captured = frame}, options, packet);
  return packet.verdict == parse::Verdict::Ip && packet.src_port == n &&
         packet.dst_port == kDstPort && packet.payload.size() == kPayload.size();
}

void decode_hot(benchmark::State& state, Octets (*make)(uint16_t)) {
  const parse::DecodeOptions options;
  std::vector<Octets> frames;
  for (uint16_t n = 0; n < kFrames; ++n) {
    frames.push_back(make(n));
    if (!is_right(frames.back(), n, options)) return state.SkipWithError("wrong packet");
  }
  Packet packet;
  const uint64_t before = allocation_count();
  for (auto _ : state) {
    (void)_;
    for (const Octets& frame : frames) {
      parse::decode({.captured = frame}, options, packet);
      benchmark::DoNotOptimize(packet);
    }
  }
  state.SetItemsProcessed(state.iterations() * int64_t{kFrames});
  state.SetBytesProcessed(state.items_processed() * static_cast<int64_t>(frames[0].size()));
  state.counters["allocations"] = static_cast<double>(allocation_count() - before);
}

BENCHMARK_CAPTURE(decode_hot, ipv4_tcp, tcp4);
BENCHMARK_CAPTURE(decode_hot, ipv4_udp, udp4);
BENCHMARK_CAPTURE(decode_hot, vlan_ipv4_udp, vlan_udp4);
BENCHMARK_CAPTURE(decode_hot, ipv6_tcp, tcp6);
BENCHMARK_CAPTURE(decode_hot, mixed, mixed);
BENCHMARK_CAPTURE(decode_hot, gre, gre);
BENCHMARK_CAPTURE(decode_hot, vxlan, vxlan);

}  // namespace
}  // namespace pktana::bench

BENCHMARK_MAIN();
