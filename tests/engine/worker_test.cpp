// SPDX-License-Identifier: Apache-2.0
#include "engine/worker.h"

#include "engine/frames.h"
#include "ring/capture_file.h"
#include "support/catch.h"
#include "support/record_collector.h"
#include "support/temp_file.h"

using namespace pktana;
using support::udp_capture;

namespace {

/// Runs a capture through one worker.
struct Run {
  explicit Run(const support::PcapWriter& capture, engine::WorkerOptions options = {})
      : file(capture.octets()) {
    options.shard.secret = *base::HashSecret::from_hex("7");
    options.shard.max_flows = 10000;
    worker = std::move(*engine::Worker::create(options, records));
    auto source = ring::CaptureFile::open({.path = file.path(), .source_id = 3});
    done = worker->run(**source, stop);
  }

  engine::WorkerSnapshot finish() {
    worker->finish();
    return worker->snapshot();
  }

  support::TempFile file;
  support::RecordCollector records;
  std::unique_ptr<engine::Worker> worker;
  std::atomic<bool> stop{false};
  base::Result<void> done;
};

/// Observer that only counts.
class Counting : public engine::PacketObserver {
 public:
  void on_packet(const ring::PacketRef&, const parse::Packet& packet) override {
    ++packets;
    ip_packets += packet.verdict == parse::Verdict::Ip;
  }
  uint64_t packets = 0;
  uint64_t ip_packets = 0;
};

/// Hook that only counts.
class CountingHook : public flow::PayloadHook {
 public:
  bool on_packet(flow::Slot, const flow::FlowPacket&, flow::Direction,
                 flow::HookedFlow&) noexcept override {
    ++packets;
    return true;
  }
  void describe(flow::Slot, flow::FlowRecord&) noexcept override {}
  void on_end(flow::Slot, int64_t, flow::HookedFlow&) noexcept override {}
  void release(flow::Slot) noexcept override {}
  uint64_t packets = 0;
};

}  // namespace

TEST_CASE("worker: without an application layer the shard's own hook is asked") {
  CountingHook hook;
  engine::WorkerOptions options;
  options.shard.hook = &hook;
  Run run(udp_capture(1000, 7, true), options);
  CHECK(run.finish().flows.packets == 900);
  CHECK(hook.packets == 900);
}

TEST_CASE("worker: every packet is counted in a flow or by its type") {
  Run run(udp_capture(1000, 7, true));
  CHECK(run.done.has_value());
  const auto numbers = run.finish();
  CHECK(numbers.packets.captured == 1000);
  CHECK(numbers.packets.non_ip[static_cast<size_t>(parse::NonIp::ArpRequest)] == 100);
  CHECK(numbers.flows.packets == 900);
  CHECK(numbers.packets.udp == 900);
  CHECK(numbers.flows.flows_created == 7);
  CHECK(run.records.records().size() == 7);
  CHECK(run.records.records()[0].source_id == 3);
  CHECK(numbers.first_packet_ns == 1700000000 * base::kNsPerSecond);
  CHECK(numbers.last_packet_ns == 1700000000 * base::kNsPerSecond + 999 * base::kNsPerMs);
}

TEST_CASE("worker: workers that share a stream count each packet once between them") {
  const auto capture = udp_capture(5000, 51, true);
  for (const unsigned count : {1U, 2U, 3U, 5U}) {
    uint64_t captured = 0;
    uint64_t in_flows = 0;
    uint64_t flows = 0;
    for (unsigned i = 0; i < count; ++i) {
      Run run(capture, {.share_index = i, .share_count = count});
      const auto numbers = run.finish();
      captured += numbers.packets.captured;
      in_flows += numbers.flows.packets;
      flows += numbers.flows.flows_created;
    }
    CHECK(captured == 5000);
    CHECK(in_flows == 4500);
    CHECK(flows == 51);
  }
}

TEST_CASE("worker: a filter's rejects are counted as filtered out") {
  auto filter = filter::FilterSet::create("arp");
  REQUIRE(filter.has_value());
  Run run(udp_capture(1000, 7, true), {.filter = &*filter});
  const auto numbers = run.finish();
  CHECK(numbers.packets.captured == 1000);
  CHECK(numbers.packets.filtered_out == 900);
  CHECK(numbers.packets.non_ip_sum() == 100);
  CHECK(numbers.flows.packets == 0);
}

TEST_CASE("worker: the packet limit counts the packets that passed the filter") {
  auto filter = filter::FilterSet::create("arp");
  REQUIRE(filter.has_value());
  Counting observer;
  Run run(udp_capture(1000, 7, true),
          {.packet_limit = 5, .filter = &*filter, .observer = &observer});
  CHECK(run.worker->limit_reached());
  CHECK(observer.packets == 5);
  const auto numbers = run.finish();
  CHECK(numbers.packets.captured == numbers.packets.filtered_out + numbers.packets.non_ip_sum());
}

TEST_CASE("worker: without flow tracking IP packets are shown and counted as untracked") {
  Counting observer;
  Run run(udp_capture(1000, 7, true), {.track_flows = false, .observer = &observer});
  CHECK(observer.packets == 1000);
  CHECK(observer.ip_packets == 900);
  const auto numbers = run.finish();
  CHECK(numbers.packets.untracked == 900);
  CHECK(numbers.flows.flows_created == 0);
}

TEST_CASE("worker: flows go on from one source to the next") {
  const auto capture = udp_capture(100, 10);
  Run run(capture);
  auto again = ring::CaptureFile::open({.path = run.file.path(), .source_id = 4});
  REQUIRE(run.worker->run(**again, run.stop).has_value());
  const auto numbers = run.finish();
  CHECK(numbers.flows.packets == 200);
  CHECK(numbers.flows.flows_created == 10);
}

TEST_CASE("worker: a snapshot between batches has flows that live and packets that add up") {
  Run run(udp_capture(100, 10));
  run.worker->finish();
  const auto numbers = run.worker->snapshot();
  CHECK(numbers.live_flows == 0);
  CHECK(numbers.flows.record_packets == numbers.flows.packets);
}
