// SPDX-License-Identifier: Apache-2.0
// Rings on real interfaces: what is sent is what comes out, once, on the right worker.
#include <thread>

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "kernel/live_capture.h"
#include "kernel/live_network.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using tests::Delivered;
using tests::LiveNetwork;

}  // namespace

TEST_CASE("ring: every packet sent is delivered once, with its length and time") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(tests::capture_options({"r0"}));
  const int64_t before = base::realtime_ns();
  const auto sent = tests::send("s0", {.flows = 64, .packets = 20000, .frame_bytes = 200});
  const auto packets = tests::drain(*sources[0]);
  CHECK(packets.size() == sent.packets);
  uint64_t bytes = 0;
  int64_t latest = before;
  for (const Delivered& packet : packets) {
    bytes += packet.ref.wire_len;
    CHECK(packet.ref.captured_len == packet.ref.wire_len);
    CHECK(packet.ref.ts_ns >= latest);
    latest = packet.ref.ts_ns;
  }
  CHECK(bytes == sent.bytes);
  CHECK(latest <= base::realtime_ns());
  CHECK(sources[0]->statistics()->drops == 0);
}

TEST_CASE("ring: when the ring is full, drops and freezes are counted exactly") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto options = tests::capture_options({"r0"});
  options.geometry = {.block_bytes = 128 << 10, .block_count = 2, .retire_ms = 10};
  auto sources = tests::open_sources(options);
  const auto sent = tests::send("s0", {.flows = 16, .packets = 30000});
  const auto packets = tests::drain(*sources[0]);
  const auto counted = sources[0]->statistics();
  CHECK(counted->packets == sent.packets);
  CHECK(counted->drops > 0);
  CHECK(counted->freezes > 0);
  CHECK(packets.size() + counted->drops == sent.packets);
}

TEST_CASE("ring: a ring that was full goes on when it has been drained") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto options = tests::capture_options({"r0"});
  options.geometry = {.block_bytes = 128 << 10, .block_count = 2, .retire_ms = 10};
  auto sources = tests::open_sources(options);
  const auto flood = tests::send("s0", {.flows = 16, .packets = 30000});
  (void)tests::receive(*sources[0], flood.packets, 0.3);
  const auto before = *sources[0]->statistics();
  tests::send("s0", {.flows = 16, .packets = 100});
  CHECK(tests::drain(*sources[0]).size() == 100);
  CHECK(sources[0]->statistics()->drops == before.drops);
}

TEST_CASE("ring: a lone packet on a quiet link is delivered within 100 ms") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(tests::capture_options({"r0"}));
  CHECK(tests::receive(*sources[0], 1, 0.15).empty());
  for (int round = 0; round < 3; ++round) {
    tests::send("s0", {});
    const int64_t sent_ns = base::monotonic_ns();
    CHECK(tests::receive(*sources[0], 1, 1.0).size() == 1);
    CHECK(base::monotonic_ns() - sent_ns < 100 * base::kNsPerMs);
  }
}

TEST_CASE("ring: capture goes on when the interface has been down, without spinning meanwhile") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(tests::capture_options({"r0"}));
  network->set_up("r0", false);
  const double cpu_before = tests::thread_cpu_seconds();
  CHECK(tests::receive(*sources[0], 1, 0.5).empty());
  CHECK(tests::thread_cpu_seconds() - cpu_before < 0.05);
  network->set_up("r0", true);
  tests::send("s0", {.flows = 10, .packets = 10});
  CHECK(tests::drain(*sources[0]).size() == 10);
}

TEST_CASE("ring: an interface that is deleted leaves the capture waiting, without spinning") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  network->add_pair("s1", "r1");
  auto sources = tests::open_sources(tests::capture_options({"r0", "r1"}));
  tests::send("s0", {.flows = 10, .packets = 10});
  network->run("ip link del r0");
  const double cpu_before = tests::thread_cpu_seconds();
  CHECK(tests::receive(*sources[0], 11, 0.5).size() == 10);
  CHECK(tests::thread_cpu_seconds() - cpu_before < 0.05);
  tests::send("s1", {.flows = 10, .packets = 10});
  CHECK(tests::drain(*sources[0]).size() == 10);
}

TEST_CASE("ring: stopping in the middle of traffic leaves the sums exact") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  for (int round = 0; round < 5; ++round) {
    auto sources = tests::open_sources(tests::capture_options({"r0"}, 2));
    std::thread sender([] { tests::send("s0", {.flows = 64, .packets = 100000}); });
    size_t delivered = tests::receive(*sources[0], 2000, 1.0).size();
    for (auto& source : sources)
      delivered += tests::drain(*source).size();  // compares delivered and counted
    sender.join();
    CHECK(delivered > 0);
    for (auto& source : sources)
      CHECK(source->next_batch()->state == ring::Batch::State::End);
  }
}

TEST_CASE("ring: promiscuous mode is on while the capture lives, if asked") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  const auto is_promiscuous = [&] {
    return network->run("ip -d link show r0").find("promiscuity 1") != std::string::npos;
  };
  auto options = tests::capture_options({"r0"}, 2);
  {
    const auto sources = tests::open_sources(options);
    CHECK(is_promiscuous());
  }
  CHECK_FALSE(is_promiscuous());
  options.promiscuous = false;
  const auto sources = tests::open_sources(options);
  CHECK_FALSE(is_promiscuous());
}

TEST_CASE("ring: the wait for a second is over when a blocked source is stopped") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(tests::capture_options({"r0"}));
  const int64_t before = base::monotonic_ns();
  CHECK(tests::drain(*sources[0]).empty());
  CHECK(base::monotonic_ns() - before < 100 * base::kNsPerMs);
}

TEST_CASE("ring: counts that a killed reader took with it are made up for by what is delivered") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  const auto options = tests::capture_options({"r0"});
  auto sources = tests::open_sources(options);
  tests::send("s0", {.flows = 10, .packets = 1000});
  const auto at = sources[0]->positions().front();
  tpacket_stats_v3 lost{};
  socklen_t length = sizeof lost;
  REQUIRE(::getsockopt(at.fd, SOL_PACKET, PACKET_STATISTICS, &lost, &length) == 0);
  CHECK(lost.tp_packets == 1000);
  auto ring = ring::PacketRing::adopt(
      {.name = "r0", .interface_index = ::if_nametoindex("r0"), .geometry = options.geometry},
      ring::PacketSocket::adopt(base::Fd(::dup(at.fd)), "r0"), at.at);
  REQUIRE(ring);
  std::vector<ring::PacketRing> rings;
  rings.push_back(std::move(*ring));
  ring::RingSource heir(std::move(rings));
  CHECK(tests::drain(heir).size() == 1000);
  CHECK(heir.statistics()->packets == 1000);
}
