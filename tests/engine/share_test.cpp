// SPDX-License-Identifier: Apache-2.0
#include "engine/share.h"

#include <random>

#include "parse/sample_frames.h"
#include "support/catch.h"
#include "support/packet_builder.h"

using namespace pktana;
using namespace pktana::support;

namespace {

constexpr unsigned kWorkers = 2;

engine::ShareOptions options_of(unsigned index, bool by_hosts = false) {
  return {.index = index,
          .count = kWorkers,
          .by_hosts = by_hosts,
          .secret = *base::HashSecret::from_hex("5")};
}

ring::PacketRef ref_of(const Octets& frame, size_t captured, parse::LinkType link_type) {
  return {.data = frame.data(),
          .captured_len = static_cast<uint32_t>(captured),
          .wire_len = static_cast<uint32_t>(frame.size()),
          .link_type = static_cast<uint16_t>(link_type)};
}

/// What the worker does with a packet that no glance has told.
bool is_truly_anothers(const engine::Share& share, const ring::PacketRef& ref,
                       const engine::ShareOptions& options) {
  parse::Packet packet;
  parse::decode(ref.link_type, {ref.data, ref.captured_len}, ref.wire_len, {}, packet);
  if (packet.verdict != parse::Verdict::Ip || packet.fragment != parse::Fragment::None)
    return false;
  if (packet.outer_count > 0 || packet.vlan_count > 0) return false;
  const flow::FlowKey key = flow::make_key(packet, options.key).key;
  return !share.has(key, flow::hash_key(options.secret, key));
}

/// Whether neither worker takes the frame for the other's by mistake.
bool is_glanced_right(const Octets& frame, size_t captured, parse::LinkType link_type) {
  const ring::PacketRef ref = ref_of(frame, captured, link_type);
  for (unsigned index = 0; index < kWorkers; ++index) {
    for (const bool by_hosts : {false, true}) {
      const auto options = options_of(index, by_hosts);
      engine::Share share(options);
      if (share.is_plainly_anothers(ref) && !is_truly_anothers(share, ref, options)) return false;
    }
  }
  return true;
}

/// How many of the workers need not decode the frame.
unsigned let_off(const Octets& frame) {
  unsigned count = 0;
  for (unsigned index = 0; index < kWorkers; ++index) {
    engine::Share share(options_of(index));
    count += share.is_plainly_anothers(ref_of(frame, frame.size(), parse::LinkType::Ethernet));
  }
  return count;
}

}  // namespace

TEST_CASE("share: no packet is passed over at a glance that decoding would not give to another") {
  std::mt19937 random(1);
  for (const parse::SampleFrame& sample : parse::sample_frames()) {
    CAPTURE(sample.name);
    for (size_t captured = 0; captured <= sample.bytes.size(); ++captured)
      REQUIRE(is_glanced_right(sample.bytes, captured, sample.link_type));
    for (unsigned i = 0; i < 400; ++i) {
      Octets frame = sample.bytes;
      for (auto changes = 1 + random() % 3; changes > 0; --changes)
        frame[random() % std::min<size_t>(frame.size(), 80)] = static_cast<uint8_t>(random());
      REQUIRE(is_glanced_right(frame, frame.size(), sample.link_type));
    }
  }
}

TEST_CASE("share: of plain TCP and UDP packets each is decoded by one worker only") {
  for (uint16_t port = 1000; port < 1020; ++port) {
    const Octets tcp_segment = tcp({.src_port = port}, text("x"));
    const Octets udp_datagram = udp({.src_port = port, .dst_port = 9}, text("x"));
    CHECK(let_off(padded(ethernet(0x0800, ipv4({.protocol = 6}, tcp_segment)))) == 1);
    CHECK(let_off(padded(ethernet(0x0800, ipv4({.protocol = 17}, udp_datagram)))) == 1);
    CHECK(let_off(ethernet(0x86DD, ipv6({.next_header = 6}, tcp_segment))) == 1);
    CHECK(let_off(ethernet(0x86DD, ipv6({.next_header = 17}, udp_datagram))) == 1);
  }
}

TEST_CASE("share: what may be more than it seems is decoded by every worker") {
  const Octets datagram = udp({.src_port = 1, .dst_port = 4789}, text("12345678"));
  CHECK(let_off(ethernet(0x0800, ipv4({.protocol = 17}, datagram))) == 0);
  const Octets plain = udp({.src_port = 1, .dst_port = 9}, text("x"));
  CHECK(let_off(ethernet(0x8100, vlan(7, 0x0800, ipv4({.protocol = 17}, plain)))) == 0);
  CHECK(let_off(ethernet(0x0800, ipv4({.protocol = 17, .fragment = 0x2000}, plain))) == 0);
  CHECK(let_off(ethernet(0x0800, ipv4({.protocol = 1}, icmp({}, text("x"))))) == 0);
}
