// SPDX-License-Identifier: Apache-2.0
// What the kernel does to frames before they reach a ring: VLAN tags, filters, fragments,
// direction, other link types.
#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "filter/filter_frames.h"
#include "filter/filter_set.h"
#include "filter/kernel_filter.h"
#include "kernel/live_capture.h"
#include "kernel/live_network.h"
#include "ring/interfaces.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using filter::KernelFilter;
using tests::Delivered;
using tests::LiveNetwork;

constexpr uint16_t kEthernet = 1, kRaw = 101;

/// The frame as it was on the wire: with the tag that the kernel took out.
std::vector<uint8_t> on_the_wire(const Delivered& packet) {
  std::vector<uint8_t> bytes = packet.bytes;
  if (packet.ref.vlan_tpid == 0) return bytes;
  uint8_t tag[4];
  base::store_be<uint16_t>(tag, packet.ref.vlan_tpid);
  base::store_be<uint16_t>(tag + 2, packet.ref.vlan_tci);
  bytes.insert(bytes.begin() + 12, tag, tag + 4);
  return bytes;
}

void send_frames(const std::vector<tests::WireFrame>& frames) {
  auto sender = tests::FrameSender::open("s0");
  REQUIRE(sender);
  for (const auto& frame : frames)
    REQUIRE(sender->send(frame.wire.data(), frame.wire.size()));
}

/// What the capture gives of the frames, with user space's second look where the kernel filter asks
/// for it.
std::vector<std::vector<uint8_t>> captured_with(const KernelFilter& kernel,
                                                const filter::PacketFilter& file,
                                                const std::vector<tests::WireFrame>& frames) {
  auto options = tests::capture_options({"r0"});
  // Nobody drains while the frames are sent, and each millisecond may close a block.
  options.geometry = {.block_bytes = 128 << 10, .block_count = 16, .retire_ms = 1};
  options.interfaces[0].program = kernel.program;
  auto sources = tests::open_sources(options);
  send_frames(frames);
  std::vector<std::vector<uint8_t>> kept;
  for (const Delivered& packet : tests::drain(*sources[0])) {
    const bool look_again =
        kernel.recheck == KernelFilter::Recheck::All ||
        (kernel.recheck == KernelFilter::Recheck::Tagged && packet.ref.vlan_tpid != 0);
    if (look_again && !file.matches({.captured = packet.bytes,
                                     .wire_len = packet.ref.wire_len,
                                     .vlan_tpid = packet.ref.vlan_tpid,
                                     .vlan_tci = packet.ref.vlan_tci}))
      continue;
    kept.push_back(on_the_wire(packet));
  }
  return kept;
}

/// Three UDP datagrams through the machine's own stack.
void say_hello(LiveNetwork& network, const std::string& address) {
  network.run("bash -c 'for i in 1 2 3; do echo hello > /dev/udp/" + address + "/9 || true; done'");
}

}  // namespace

TEST_CASE("ring: a stripped VLAN tag is reported and counts in the wire length") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto sources = tests::open_sources(tests::capture_options({"r0"}));
  const auto sent = tests::send("s0", {.flows = 8, .packets = 8, .vlans = {5, 7}});
  const auto packets = tests::drain(*sources[0]);
  REQUIRE(packets.size() == 8);
  for (const Delivered& packet : packets) {
    CHECK(packet.ref.vlan_tpid == 0x8100);
    CHECK(packet.ref.vlan_tci == 5);
    CHECK(base::load_be<uint16_t>(packet.bytes.data() + 12) == 0x8100);
    CHECK(base::load_be<uint16_t>(packet.bytes.data() + 14) == 7);
    CHECK(packet.ref.wire_len == sent.bytes / 8);
    CHECK(packet.ref.captured_len == packet.ref.wire_len - 4);
  }
}

TEST_CASE("kernel filter: takes the same frames live as in a file with the tags in the bytes") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  const auto frames = tests::filter_frames();
  for (const std::string& expression : tests::filter_expressions()) {
    INFO(expression);
    const auto file = filter::PacketFilter::compile(expression, kEthernet);
    const auto kernel = filter::compile_for_kernel(expression, kEthernet);
    REQUIRE(file);
    REQUIRE(kernel);
    std::vector<std::vector<uint8_t>> wanted;
    for (const auto& frame : frames)
      if (file->matches(
              {.captured = frame.wire, .wire_len = static_cast<uint32_t>(frame.wire.size())}))
        wanted.push_back(frame.wire);
    CHECK(captured_with(*kernel, *file, frames) == wanted);
  }
}

TEST_CASE("kernel filter: its snap length cuts what is kept, not the length that is told") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto options = tests::capture_options({"r0"});
  options.interfaces[0].program = filter::accept_all(96);
  auto sources = tests::open_sources(options);
  tests::send("s0", {.flows = 4, .packets = 4, .frame_bytes = 1000});
  for (const Delivered& packet : tests::drain(*sources[0])) {
    CHECK(packet.ref.captured_len == 96);
    CHECK(packet.ref.wire_len == 1000);
  }
}

TEST_CASE("ring: what this machine sends is captured, unless it is to be ignored") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  network->run(
      "ip addr add 198.18.0.1/24 dev s0; ip neigh add 198.18.0.2 lladdr 02:00:00:00:00:02 dev s0");
  for (const bool ignore : {false, true})
    for (const unsigned workers : {1U, 2U}) {
      auto options = tests::capture_options({"s0"}, workers);
      options.ignore_outgoing = ignore;
      auto sources = tests::open_sources(options);
      tests::send("r0", {.flows = 5, .packets = 5});
      say_hello(*network, "198.18.0.2");
      size_t count = 0;
      for (auto& source : sources)
        count += tests::drain(*source).size();
      CHECK(count == (ignore ? 5 : 8));
    }
}

TEST_CASE("ring: on loopback each packet comes once, also through 'any'") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->set_up("lo", true);
  for (const char* name : {"lo", "any"}) {
    auto sources = tests::open_sources(tests::capture_options({name}));
    say_hello(*network, "127.0.0.1");
    size_t udp = 0;
    for (const Delivered& packet : tests::drain(*sources[0])) {
      CHECK(packet.ref.link_type == kEthernet);
      udp += packet.bytes[14 + 9] == IPPROTO_UDP;
    }
    CHECK(udp == 3);
  }
}

TEST_CASE("ring: 'any' gives each packet the link type of its interface") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  network->run(
      "ip tuntap add t0 mode tun && ip link set t0 up && ip addr add 198.18.1.1/24 dev t0");
  auto sources = tests::open_sources(tests::capture_options({"any"}, 2));
  tests::send("s0", {.flows = 6, .packets = 6, .vlans = {5}});
  auto set = filter::FilterSet::create("vlan 5 and udp");
  REQUIRE(set);
  size_t ethernet = 0;
  for (auto& source : sources)
    for (const Delivered& packet : tests::drain(*source))
      ethernet += set->matches(packet.ref.link_type, {.captured = packet.bytes,
                                                      .wire_len = packet.ref.wire_len,
                                                      .vlan_tpid = packet.ref.vlan_tpid,
                                                      .vlan_tci = packet.ref.vlan_tci});
  CHECK(ethernet == 6);
  CHECK_FALSE(set->error());
}

TEST_CASE("ring: an interface without link header gives raw IP") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->run("ip tuntap add t0 mode tun && ip link set t0 up");
  const auto interface = ring::find_interface("t0");
  REQUIRE(interface);
  CHECK(interface->link_type == kRaw);
  auto group = ring::CaptureGroup::open(tests::capture_options({"t0"}));
  REQUIRE(group);
  CHECK(group->link_type(0) == kRaw);
}
