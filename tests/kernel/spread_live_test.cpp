// SPDX-License-Identifier: Apache-2.0
// Which packets meet on one worker: directions, interfaces, fragments, tunnels.
#include <algorithm>
#include <iterator>
#include <set>

#include "base/bytes.h"
#include "kernel/live_capture.h"
#include "kernel/live_network.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using ring::Spread;
using tests::Delivered;
using tests::LiveNetwork;
using Octets = std::vector<uint8_t>;

constexpr uint32_t kClients = 0xC6120000, kServer = 0xC6130001;
constexpr size_t kLargePayload = 3000;
constexpr uint32_t kDatagramHeaders = 14 + 20 + 8;

/// Ethernet frame with an IPv4 packet; `fragment` is the header's flags and offset.
Octets ipv4_frame(uint32_t src, uint32_t dst, uint16_t id, uint16_t fragment, base::Bytes payload) {
  static constexpr uint8_t kLink[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};
  Octets frame(sizeof kLink + 20 + payload.size());
  std::copy(std::begin(kLink), std::end(kLink), frame.begin());
  uint8_t* ip = frame.data() + sizeof kLink;
  ip[0] = 0x45;
  base::store_be<uint16_t>(ip + 2, static_cast<uint16_t>(20 + payload.size()));
  base::store_be<uint16_t>(ip + 4, id);
  base::store_be<uint16_t>(ip + 6, fragment);
  ip[8] = 64;
  ip[9] = 17;
  base::store_be<uint32_t>(ip + 12, src);
  base::store_be<uint32_t>(ip + 16, dst);
  uint32_t sum = 0;
  for (size_t i = 0; i < 20; i += 2)
    sum += base::load_be<uint16_t>(ip + i);
  sum = (sum & 0xffff) + (sum >> 16);
  base::store_be<uint16_t>(ip + 10, static_cast<uint16_t>(~(sum + (sum >> 16))));
  std::copy(payload.begin(), payload.end(), ip + 20);
  return frame;
}

Octets udp(uint16_t src_port, uint16_t dst_port, size_t payload) {
  Octets datagram(8 + payload, 0x5A);
  base::store_be<uint16_t>(datagram.data(), src_port);
  base::store_be<uint16_t>(datagram.data() + 2, dst_port);
  base::store_be<uint16_t>(datagram.data() + 4, static_cast<uint16_t>(datagram.size()));
  base::store_be<uint16_t>(datagram.data() + 6, 0);
  return datagram;
}

/// 40 clients send one small datagram and one of 3000 bytes in three fragments each.
void send_datagrams() {
  constexpr size_t kPiece = 1400;
  auto sender = tests::FrameSender::open("s0");
  REQUIRE(sender);
  for (uint16_t client = 0; client < 40; ++client) {
    const Octets small = udp(2000, 9, 100), large = udp(2000, 9, kLargePayload);
    auto frame = ipv4_frame(kClients + client, kServer, client, 0, small);
    REQUIRE(sender->send(frame.data(), frame.size()));
    for (size_t at = 0; at < large.size(); at += kPiece) {
      const auto piece = base::Bytes(large).subspan(at, std::min(kPiece, large.size() - at));
      const bool last = at + piece.size() == large.size();
      frame = ipv4_frame(kClients + client, kServer, static_cast<uint16_t>(client + 100),
                         static_cast<uint16_t>(at / 8 | (last ? 0 : 0x2000)), piece);
      REQUIRE(sender->send(frame.data(), frame.size()));
    }
  }
}

/// 200 pairs of tunnel ends, a packet each way, whose source ports depend on the direction as
/// VXLAN's do.
void send_tunnels() {
  auto sender = tests::FrameSender::open("s0");
  REQUIRE(sender);
  for (uint16_t pair = 0; pair < 200; ++pair) {
    const Octets there = udp(static_cast<uint16_t>(50000 + pair), 4789, 100);
    const Octets back = udp(static_cast<uint16_t>(60000 - pair), 4789, 100);
    auto frame = ipv4_frame(kClients + pair, kServer, 1, 0, there);
    REQUIRE(sender->send(frame.data(), frame.size()));
    frame = ipv4_frame(kServer, kClients + pair, 2, 0, back);
    REQUIRE(sender->send(frame.data(), frame.size()));
  }
}

ring::GroupOptions options_for(std::vector<std::string> interfaces, unsigned workers,
                               Spread spread) {
  auto options = tests::capture_options(std::move(interfaces), workers);
  options.spread = spread;
  return options;
}

const char* name_of(Spread spread) { return spread == Spread::Flow ? "flow" : "address pair"; }

}  // namespace

TEST_CASE("spread: each packet comes once, both directions of a flow to one worker") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  for (const Spread spread : {Spread::AddressPair, Spread::Flow})
    for (const std::vector<uint16_t>& vlans : {std::vector<uint16_t>{}, {5}, {5, 7}}) {
      INFO(name_of(spread) << " with " << vlans.size() << " tags");
      auto sources = tests::open_sources(options_for({"r0"}, 2, spread));
      const auto sent = tests::send(
          "s0", {.flows = 512, .packets = 4096, .both_directions = true, .vlans = vlans});
      const auto packets = tests::drain_all(sources);
      CHECK(tests::total(packets) == sent.packets);
      CHECK(tests::workers_of_flows(packets).size() == 512);
      CHECK(packets[0].size() > sent.packets / 4);
      CHECK(packets[1].size() > sent.packets / 4);
    }
}

TEST_CASE("spread: directions that come in on two interfaces meet on one worker") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  network->add_pair("s1", "r1");
  for (const Spread spread : {Spread::AddressPair, Spread::Flow}) {
    INFO(name_of(spread));
    auto sources = tests::open_sources(options_for({"r0", "r1"}, 3, spread));
    tests::TrafficOptions traffic{.flows = 512, .packets = 4096, .both_directions = true};
    for (int round = 0; round < 2; ++round) {
      traffic.only = tests::Direction::Forward;
      tests::send("s0", traffic);
      traffic.only = tests::Direction::Reply;
      tests::send("s1", traffic);
      if (round == 0) {  // the order of the members must outlive this
        network->set_up("r0", false);
        network->set_up("r0", true);
      }
    }
    const auto packets = tests::drain_all(sources);
    CHECK(tests::total(packets) == 8192);
    CHECK(tests::workers_of_flows(packets).size() == 512);
    std::set<uint16_t> interfaces;
    for (const Delivered& packet : packets[0])
      interfaces.insert(packet.ref.source_id);
    CHECK(interfaces.size() == 2);
  }
}

TEST_CASE("spread: what this machine sends meets what it receives") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  for (const Spread spread : {Spread::AddressPair, Spread::Flow}) {
    INFO(name_of(spread));
    auto sources = tests::open_sources(options_for({"s0"}, 2, spread));
    tests::TrafficOptions traffic{.flows = 256, .packets = 1024, .both_directions = true};
    traffic.only = tests::Direction::Forward;
    auto sender = tests::FrameSender::open("s0", false);
    REQUIRE(sender);
    REQUIRE(sender->send(tests::Traffic(traffic), {}));
    traffic.only = tests::Direction::Reply;
    tests::send("r0", traffic);
    const auto packets = tests::drain_all(sources);
    CHECK(tests::total(packets) == 1024);
    CHECK(tests::workers_of_flows(packets).size() == 256);
  }
}

TEST_CASE("spread by address pair: fragments come as they were sent, to their flow's worker") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  for (const unsigned workers : {1U, 2U, 3U}) {
    auto sources = tests::open_sources(options_for({"r0"}, workers, Spread::AddressPair));
    send_datagrams();
    const auto packets = tests::drain_all(sources);
    CHECK(tests::total(packets) == 40 + 3 * 40);
    CHECK(tests::workers_of_flows(packets).size() == 40);
  }
}

TEST_CASE("spread by flow: the kernel joins fragments, alike for one worker and for several") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  for (const unsigned workers : {1U, 2U, 3U}) {
    auto sources = tests::open_sources(options_for({"r0"}, workers, Spread::Flow));
    send_datagrams();
    const auto packets = tests::drain_all(sources);
    CHECK(tests::total(packets) == 80);
    CHECK(tests::workers_of_flows(packets).size() == 40);
    for (const auto& of_worker : packets)
      CHECK(std::all_of(of_worker.begin(), of_worker.end(), [](const Delivered& packet) {
        return packet.ref.wire_len == kDatagramHeaders + 100 ||
               packet.ref.wire_len == kDatagramHeaders + kLargePayload;
      }));
  }
}

TEST_CASE("spread by address pair: both directions of a tunnel meet though their ports differ") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(options_for({"r0"}, 2, Spread::AddressPair));
  send_tunnels();
  const auto packets = tests::drain_all(sources);
  CHECK(tests::total(packets) == 400);
  CHECK(tests::workers_of_flows(packets).size() == 200);
}
