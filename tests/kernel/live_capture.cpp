// SPDX-License-Identifier: Apache-2.0
#include "kernel/live_capture.h"

#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "support/catch.h"

namespace pktana::tests {
namespace {

void append(std::vector<Delivered>& to, const ring::Batch& batch) {
  for (const ring::PacketRef& ref : batch.packets) {
    to.push_back({{ref.data, ref.data + ref.captured_len}, ref});
    to.back().ref.data = nullptr;
  }
}

int64_t deadline(double seconds) {
  return base::monotonic_ns() + static_cast<int64_t>(seconds * 1e9);
}

}  // namespace

ring::GroupOptions capture_options(std::vector<std::string> interfaces, unsigned workers) {
  ring::GroupOptions options;
  for (std::string& name : interfaces) {
    const auto id = static_cast<uint16_t>(options.interfaces.size());
    options.interfaces.push_back({.name = std::move(name), .source_id = id});
  }
  options.workers = workers;
  options.geometry = {.block_bytes = 128 << 10, .block_count = 64, .retire_ms = 10};
  return options;
}

std::vector<std::unique_ptr<ring::RingSource>> open_sources(const ring::GroupOptions& options) {
  auto group = ring::CaptureGroup::open(options);
  if (!group) FAIL(base::to_string(group.error()));
  std::vector<std::unique_ptr<ring::RingSource>> sources;
  for (unsigned i = 0; i < options.workers; ++i)
    sources.push_back(group->take_source(i));
  return sources;
}

std::vector<Delivered> receive(ring::RingSource& source, size_t enough, double seconds) {
  std::vector<Delivered> packets;
  const int64_t until = deadline(seconds);
  while (packets.size() < enough && base::monotonic_ns() < until) {
    const auto batch = source.next_batch();
    REQUIRE(batch);
    append(packets, *batch);
  }
  return packets;
}

std::vector<Delivered> drain(ring::RingSource& source) {
  std::vector<Delivered> packets;
  source.stop_intake();
  const int64_t until = deadline(3);
  while (true) {
    const auto batch = source.next_batch();
    REQUIRE(batch);
    append(packets, *batch);
    if (batch->state == ring::Batch::State::End) break;
    REQUIRE(base::monotonic_ns() < until);
  }
  const auto counted = source.statistics();
  REQUIRE(counted);
  CHECK(counted->packets == source.delivered() + counted->drops);
  return packets;
}

Sent send(const std::string& interface_name, const TrafficOptions& options, uint64_t rate_pps) {
  auto sender = FrameSender::open(interface_name);
  REQUIRE(sender);
  const auto sent = sender->send(Traffic(options), {.rate_pps = rate_pps});
  REQUIRE(sent);
  return *sent;
}

ByWorker drain_all(std::vector<std::unique_ptr<ring::RingSource>>& sources) {
  ByWorker packets;
  for (auto& source : sources)
    packets.push_back(drain(*source));
  return packets;
}

size_t total(const ByWorker& packets) {
  size_t sum = 0;
  for (const auto& of_worker : packets)
    sum += of_worker.size();
  return sum;
}

uint64_t flow_of(const Delivered& packet) {
  constexpr uint32_t kNet = 0xC6120000;
  constexpr size_t kSource = 14 + 12, kDestination = 14 + 16;
  if (packet.bytes.size() < kDestination + 8) return ~uint64_t{0};
  const bool tagged = base::load_be<uint16_t>(packet.bytes.data() + 12) == 0x8100;
  for (const size_t at : {kSource, kDestination}) {
    const auto address = base::load_be<uint32_t>(packet.bytes.data() + at + (tagged ? 4 : 0));
    if ((address & 0xffff0000) == kNet) return address & 0xffff;
  }
  return ~uint64_t{0};
}

std::map<uint64_t, size_t> workers_of_flows(const ByWorker& packets) {
  std::map<uint64_t, size_t> worker_of;
  for (size_t worker = 0; worker < packets.size(); ++worker)
    for (const Delivered& packet : packets[worker])
      CHECK(worker_of.emplace(flow_of(packet), worker).first->second == worker);
  return worker_of;
}

}  // namespace pktana::tests
