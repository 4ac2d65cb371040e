// SPDX-License-Identifier: Apache-2.0
// Rings that are too small: the drops are noticed, and the flows that lived then say so.
#include <atomic>

#include "engine/worker.h"
#include "kernel/live_capture.h"
#include "kernel/live_network.h"
#include "support/catch.h"
#include "support/record_collector.h"

namespace {

using namespace pktana;
using tests::LiveNetwork;

ring::GroupOptions small_ring() {
  auto options = tests::capture_options({"r0"});
  options.geometry = {.block_bytes = 128 << 10, .block_count = 2, .retire_ms = 10};
  return options;
}

/// Whether any batch was marked until nothing more came for a while.
bool any_lossy(ring::RingSource& source) {
  bool lossy = false;
  for (int idle = 0; idle < 2;) {
    const auto batch = source.next_batch();
    REQUIRE(batch);
    lossy |= batch->lossy;
    idle += batch->state == ring::Batch::State::Idle ? 1 : 0;
  }
  return lossy;
}

/// The records of what is in the ring and to come, until it is drained.
std::vector<flow::FlowRecord> records_of(ring::RingSource& source) {
  support::RecordCollector collector;
  engine::WorkerOptions options;
  options.shard.max_flows = 1000;
  auto worker = engine::Worker::create(options, collector);
  REQUIRE(worker.has_value());
  const std::atomic<bool> stop{true};
  REQUIRE((*worker)->run(source, stop).has_value());
  (*worker)->finish();
  return collector.records();
}

}  // namespace

TEST_CASE("ring: drops mark the batches that follow, and later ones no more") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(small_ring());
  tests::send("s0", {.flows = 16, .packets = 100});
  CHECK_FALSE(any_lossy(*sources[0]));
  tests::send("s0", {.flows = 16, .packets = 30000});
  CHECK(sources[0]->fill() == 1);
  CHECK(any_lossy(*sources[0]));
  CHECK(sources[0]->fill() == 0);
  CHECK(sources[0]->statistics()->drops > 0);
  tests::send("s0", {.flows = 16, .packets = 100});
  CHECK_FALSE(any_lossy(*sources[0]));
}

TEST_CASE("ring: the first block closed after a drop carries the kernel's mark") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(small_ring());
  tests::send("s0", {.flows = 16, .packets = 30000});  // both blocks are full, the rest is dropped
  // Empties the ring without an idle poll, which would read the counters.
  size_t full = 0;
  for (bool marked = false; full < 2 && !marked;) {
    const auto batch = sources[0]->next_batch();
    REQUIRE(batch);
    marked = batch->lossy;
    full += batch->packets.size() < ring::RingSource::kBatch ? 1 : 0;
  }
  tests::send("s0", {.flows = 16, .packets = 100});
  bool lossy = false;
  for (size_t got = 0; got < 100;) {
    const auto batch = sources[0]->next_batch();
    REQUIRE(batch);
    if (batch->state == ring::Batch::State::Idle) break;
    got += batch->packets.size();
    lossy |= batch->lossy;
  }
  CHECK(lossy);
}

TEST_CASE("worker: flows over which the ring dropped packets say that gaps may be ours") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(small_ring());
  tests::send("s0", {.flows = 16, .packets = 30000, .protocol = 6});
  const auto records = records_of(*sources[0]);
  CHECK(sources[0]->statistics()->drops > 0);
  REQUIRE(records.size() == 16);
  for (const flow::FlowRecord& record : records)
    CHECK(record.tcp.gaps_may_be_ours);
}

TEST_CASE("worker: flows of a ring that dropped nothing have gaps that are not ours") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(tests::capture_options({"r0"}));
  tests::send("s0", {.flows = 16, .packets = 1000, .protocol = 6});
  const auto records = records_of(*sources[0]);
  CHECK(sources[0]->statistics()->drops == 0);
  REQUIRE(records.size() == 16);
  for (const flow::FlowRecord& record : records)
    CHECK_FALSE(record.tcp.gaps_may_be_ours);
}
