// SPDX-License-Identifier: Apache-2.0
#include "base/keyed_hash.h"

#include <benchmark/benchmark.h>

namespace pktana::base {
namespace {

/// The values that tests/base/keyed_hash_test.cpp fixes.
bool is_right(const HashSecret& secret) {
  return keyed_hash(secret, 1, 2, 3) == 0x56C7B7C2215E3083 &&
         keyed_hash(secret, {1, 2, 3, 4, 5, 6}) == 0x697F4C7E18377610;
}

/// One hash after the other, each waiting for the one before: the latency.
void hash_ipv4_key(benchmark::State& state) {
  const HashSecret secret = *HashSecret::from_hex("1");
  if (!is_right(secret)) return state.SkipWithError("wrong hash");
  uint64_t hash = 0;
  for (auto _ : state) {
    (void)_;
    hash = keyed_hash(secret, hash, 443, 0);
    benchmark::DoNotOptimize(hash);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hash_ipv4_key);

void hash_ipv6_key(benchmark::State& state) {
  const HashSecret secret = *HashSecret::from_hex("1");
  if (!is_right(secret)) return state.SkipWithError("wrong hash");
  uint64_t hash = 0;
  for (auto _ : state) {
    (void)_;
    hash = keyed_hash(secret, {hash, 1, 2, 3, 443, 0});
    benchmark::DoNotOptimize(hash);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hash_ipv6_key);

}  // namespace
}  // namespace pktana::base

BENCHMARK_MAIN();
