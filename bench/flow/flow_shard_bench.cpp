// SPDX-License-Identifier: Apache-2.0
// What the flow table costs per packet, per new flow and per slot swept. Key and hash are included
// (see flow_key_bench.cpp), decoding and the sink are not. A case whose table is wrong in the end
// reports an error and no figure.
#include "flow/flow_shard.h"

#include <benchmark/benchmark.h>

#include "flow_feed.h"
#include "support/allocation_counter.h"

namespace pktana::bench {
namespace {

using support::kSecond;
using support::kStart;

constexpr size_t kStream = size_t{1} << 20;  ///< random packets, used again and again
constexpr size_t kChunk = 4096;              ///< packets per iteration

/// A table, its feeder and the flows 0 to `flows` - 1 in it.
struct Table {
  NullHandoff handoff;
  flow::FlowShard shard;
  PacketMaker maker;
  Feeder feeder{shard, maker};

  Table(uint8_t ip_version, uint32_t max_flows, flow::Timeouts timeouts = {},
        uint8_t protocol = flow::kProtocolUdp)
      : shard(*flow::FlowShard::create(
            {.max_flows = max_flows, .timeouts = timeouts, .secret = support::test_secret()},
            handoff)),
        maker(ip_version, protocol) {}

  void fill(uint32_t flows) {
    const auto numbers = numbers_in_order((flows + kGroup - 1) / kGroup * kGroup);
    feeder.feed(numbers, kStart);
  }
};

/// Packets in = packets in records and live flows; flows in = flows live + records.
bool ledger_holds(const Table& table, uint64_t packets_fed) {
  const flow::ShardTotals& totals = table.shard.totals();
  return totals.packets == packets_fed &&
         totals.packets == totals.record_packets + table.shard.live_packets() &&
         totals.flows_created == table.shard.live() + totals.records;
}

class AllocationGauge {
 public:
  void report(benchmark::State& state, uint64_t packets) const {
    const uint64_t allocations = support::allocation_count() - before_;
    state.SetItemsProcessed(static_cast<int64_t>(packets));
    state.counters["allocs/packet"] =
        static_cast<double>(allocations) / static_cast<double>(packets);
  }

 private:
  uint64_t before_ = support::allocation_count();
};

enum class Way { Batched, Singly };

/// Random packets of flows that are all in the table.
void hit(benchmark::State& state, uint8_t ip_version, Way way) {
  const auto flows = static_cast<uint32_t>(state.range(0));
  Table table(ip_version, flows + kGroup);
  table.fill(flows);
  const uint64_t filled = table.shard.totals().packets;
  const auto numbers = random_numbers(flows, kStream);
  const AllocationGauge gauge;
  uint64_t fed = 0;
  for (auto _ : state) {
    (void)_;
    const auto chunk = std::span(numbers).subspan(fed % kStream, kChunk);
    if (way == Way::Batched)
      table.feeder.feed(chunk, kStart);
    else
      table.feeder.feed_singly(chunk, kStart);
    fed += kChunk;
  }
  gauge.report(state, fed);
  if (table.shard.live() != filled) state.SkipWithError("a hit was none");
  if (!ledger_holds(table, filled + fed)) state.SkipWithError("the ledger does not hold");
}

BENCHMARK_CAPTURE(hit, ipv4, uint8_t{4}, Way::Batched)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK_CAPTURE(hit, ipv6, uint8_t{6}, Way::Batched)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK_CAPTURE(hit, ipv4_singly, uint8_t{4}, Way::Singly)->Arg(1'000)->Arg(1'000'000);

/// Random segments of TCP connections, each in sequence: all that TCP is tracked for.
void hit_tcp(benchmark::State& state) {
  const auto flows = static_cast<uint32_t>(state.range(0));
  Table table(4, flows + kGroup, {}, flow::kProtocolTcp);
  table.maker.keep_sequence(flows + kGroup);
  for (int round = 0; round < 3; ++round)
    table.fill(flows);
  const uint64_t filled = table.shard.totals().packets;
  const auto numbers = random_numbers(flows, kStream);
  const AllocationGauge gauge;
  uint64_t fed = 0;
  for (auto _ : state) {
    (void)_;
    table.feeder.feed(std::span(numbers).subspan(fed % kStream, kChunk), kStart);
    fed += kChunk;
  }
  gauge.report(state, fed);
  if (!ledger_holds(table, filled + fed)) state.SkipWithError("the ledger does not hold");
}

BENCHMARK(hit_tcp)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

/// Numbers that never come again within a run.
class FreshNumbers {
 public:
  std::span<const uint32_t> next() {
    for (uint32_t& number : chunk_)
      number = (next_++ * 0x9E3779B1U) & 0xFFFFFFFFU;
    return chunk_;
  }

 private:
  std::array<uint32_t, kChunk> chunk_{};
  uint32_t next_ = 1;
};

/// Every packet is the first of a flow, in the table and out of it again: time passes so fast that
/// `range(0)` flows begin within an idle timeout. The sweep visits two slots a packet, as the
/// worker's does, which keeps about twice as many in the table.
void new_flows(benchmark::State& state, uint8_t ip_version) {
  const auto rate = static_cast<uint32_t>(state.range(0));
  Table table(ip_version, 4 * rate);
  FreshNumbers fresh;
  const int64_t step = 30 * kSecond / rate * int64_t{kGroup};
  int64_t now_ns = kStart;
  uint64_t fed = 0;
  const auto feed = [&] {
    for (auto chunk = fresh.next(); !chunk.empty(); chunk = chunk.subspan(kGroup)) {
      table.feeder.feed(chunk.first(kGroup), now_ns);
      table.shard.sweep(2 * kGroup);
      now_ns += step;
    }
    fed += kChunk;
  };
  while (fed < 6 * uint64_t{rate})
    feed();
  const uint64_t warm = fed;
  const uint64_t records = table.handoff.records();
  const AllocationGauge gauge;
  for (auto _ : state) {
    (void)_;
    feed();
  }
  gauge.report(state, fed - warm);
  state.counters["records/flow"] =
      static_cast<double>(table.handoff.records() - records) / static_cast<double>(fed - warm);
  state.counters["live"] = table.shard.live();
  if (table.shard.totals().ended[static_cast<size_t>(flow::EndReason::Evicted)] != 0)
    state.SkipWithError("the timer came too late: flows were evicted");
  if (!ledger_holds(table, fed)) state.SkipWithError("the ledger does not hold");
}

BENCHMARK_CAPTURE(new_flows, ipv4, uint8_t{4})->Arg(10'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK_CAPTURE(new_flows, ipv6, uint8_t{6})->Arg(1'000'000);

/// Every packet is the first of a flow, and the table is full.
void flood(benchmark::State& state) {
  const auto max_flows = static_cast<uint32_t>(state.range(0));
  Table table(4, max_flows);
  FreshNumbers fresh;
  uint64_t fed = 0;
  const auto feed = [&] {
    table.feeder.feed(fresh.next(), kStart);
    fed += kChunk;
  };
  while (fed < 2 * uint64_t{max_flows})
    feed();
  const uint64_t warm = fed;
  const AllocationGauge gauge;
  for (auto _ : state) {
    (void)_;
    feed();
  }
  gauge.report(state, fed - warm);
  if (table.shard.live() != max_flows || table.shard.totals().records != fed - max_flows)
    state.SkipWithError("not every packet evicted a flow");
  if (!ledger_holds(table, fed)) state.SkipWithError("the ledger does not hold");
}

BENCHMARK(flood)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

/// Slots visited by the timer, none of which is over.
void sweep(benchmark::State& state) {
  const auto flows = static_cast<uint32_t>(state.range(0));
  Table table(4, flows + kGroup, flow::Timeouts::uniform(int64_t{1} << 60));
  table.fill(flows);
  table.shard.sweep(~0U);
  const uint32_t slots = table.shard.live();
  int64_t now_ns = kStart;
  for (auto _ : state) {
    (void)_;
    table.shard.advance(now_ns += kSecond);  // the whole table is due
    table.shard.sweep(~0U);
  }
  state.SetItemsProcessed(state.iterations() * int64_t{slots});
  if (table.shard.live() != slots) state.SkipWithError("a flow was ended");
}

BENCHMARK(sweep)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
}  // namespace pktana::bench
