// SPDX-License-Identifier: Apache-2.0
// Not part of a ThreadSanitizer build, which brings an operator new of its own.
#include "engine/frames.h"
#include "engine/worker.h"
#include "support/allocation_counter.h"
#include "support/catch.h"
#include "support/record_collector.h"

using namespace pktana;

namespace {

/// Lends the same packets again and again: a source that allocates nothing.
class Repeating : public ring::PacketSource {
 public:
  Repeating(std::vector<ring::PacketRef> packets, unsigned rounds)
      : packets_(std::move(packets)), rounds_(rounds) {}

  base::Result<ring::Batch> next_batch() override {
    if (rounds_ == 0) return ring::Batch{.packets = {}, .state = ring::Batch::State::End};
    --rounds_;
    for (ring::PacketRef& packet : packets_)
      packet.ts_ns += base::kNsPerSecond;
    return ring::Batch{.packets = packets_, .state = ring::Batch::State::Ready};
  }

 private:
  std::vector<ring::PacketRef> packets_;
  unsigned rounds_;
};

}  // namespace

TEST_CASE("worker: nothing is allocated per packet in the steady state") {
  std::vector<support::Octets> frames;
  for (uint16_t flow = 0; flow < 200; ++flow)
    frames.push_back(support::udp_frame(flow, flow % 3 == 0));
  std::vector<ring::PacketRef> packets;
  for (const auto& frame : frames)
    packets.push_back({.data = frame.data(),
                       .captured_len = static_cast<uint32_t>(frame.size()),
                       .wire_len = static_cast<uint32_t>(frame.size()),
                       .ts_ns = 1700000000 * base::kNsPerSecond});
  support::RecordCounter records;
  engine::WorkerOptions options;
  options.shard.secret = *base::HashSecret::from_hex("7");
  options.shard.max_flows = 100;  // flows come, are evicted and time out all the while
  auto worker = engine::Worker::create(options, records);
  REQUIRE(worker.has_value());
  const std::atomic<bool> stop{false};
  Repeating warm_up(packets, 10);
  REQUIRE((*worker)->run(warm_up, stop).has_value());

  Repeating steady(packets, 5000);
  const uint64_t before = support::allocation_count();
  const auto done = (*worker)->run(steady, stop);
  const uint64_t allocations = support::allocation_count() - before;
  REQUIRE(done.has_value());
  CHECK(allocations == 0);
  CHECK(records.records() > 100000);
}
