// SPDX-License-Identifier: Apache-2.0
#include "flow/plain_flow_packet.h"

#include <algorithm>
#include <random>
#include <tuple>

#include "parse/sample_frames.h"
#include "support/catch.h"
#include "support/packet_builder.h"

using namespace pktana;
using namespace pktana::support;

namespace {

const base::HashSecret kSecret = *base::HashSecret::from_hex("7");
constexpr flow::PacketMeta kMeta{.ts_ns = 5, .wire_len = 77, .source_id = 3, .number = 9};

parse::Frame frame_of(const Octets& bytes, size_t captured, parse::LinkType link_type) {
  return {.captured = {bytes.data(), captured},
          .wire_len = static_cast<uint32_t>(bytes.size()),
          .link_type = static_cast<uint16_t>(link_type)};
}

bool is_same_span(base::Bytes a, base::Bytes b) {
  return a.size() == b.size() && (a.empty() || a.data() == b.data());
}

bool is_same(const flow::FlowPacket& a, const flow::FlowPacket& b) {
  const auto fixed = [](const flow::FlowPacket& one) {
    return std::tuple(one.key, one.hash, one.near, one.number, one.ts_ns, one.first_ns, one.packets,
                      one.wire_len, one.source_id, one.vlan_count, one.vlan_id, one.encapsulation,
                      one.fragment, one.to_group, one.from_high);
  };
  const auto read = [](const flow::FlowPacket& one) {
    return std::tuple(one.payload_len, one.payload_cut, one.ip_len, one.tcp_seq, one.tcp_ack,
                      one.tcp_window, one.tcp_flags, one.src_port, one.dst_port, one.icmp_type,
                      one.icmp_code, one.syn.packed(), one.syn.mss);
  };
  return fixed(a) == fixed(b) && read(a) == read(b) && is_same_span(a.payload, b.payload);
}

enum class Outcome { NotPlain, Same, Wrong };

/// Reads the frame both ways into memory that held another packet.
Outcome outcome_of(const parse::Frame& frame, const parse::DecodeOptions& options) {
  parse::PlainPacket plain;
  if (!parse::read_plain(frame, options, plain)) return Outcome::NotPlain;
  flow::FlowPacket quick{.tcp_seq = 1, .tcp_flags = 2, .icmp_type = 3, .vlan_count = 2};
  flow::make_flow_packet(plain, kMeta, kSecret, quick);
  parse::Packet packet;
  parse::decode(frame, options, packet);
  if (packet.verdict != parse::Verdict::Ip || packet.outer_count > 0) return Outcome::Wrong;
  flow::FlowPacket full;
  flow::make_flow_packet(packet, kMeta, {}, kSecret, full);
  return is_same(quick, full) ? Outcome::Same : Outcome::Wrong;
}

Octets mutated(Octets frame, std::mt19937& random) {
  for (auto changes = 1 + random() % 3; changes > 0; --changes)
    frame[random() % std::min<size_t>(frame.size(), 80)] = static_cast<uint8_t>(random());
  return frame;
}

}  // namespace

TEST_CASE(
    "plain packets: what is read quickly is what decoding says, of whole, cut and odd frames") {
  std::mt19937 random(1);
  const parse::DecodeOptions inner;
  const parse::DecodeOptions outer{.tunnels = parse::Tunnels::Outer};
  size_t plain = 0;
  for (const parse::SampleFrame& sample : parse::sample_frames()) {
    CAPTURE(sample.name);
    for (const auto* options : {&inner, &outer}) {
      for (size_t captured = 0; captured <= sample.bytes.size(); ++captured) {
        const auto frame = frame_of(sample.bytes, captured, sample.link_type);
        REQUIRE(outcome_of(frame, *options) != Outcome::Wrong);
      }
      for (unsigned i = 0; i < 300; ++i) {
        const Octets odd = mutated(sample.bytes, random);
        const auto outcome = outcome_of(frame_of(odd, odd.size(), sample.link_type), *options);
        REQUIRE(outcome != Outcome::Wrong);
        plain += outcome == Outcome::Same;
      }
    }
  }
  CHECK(plain > 1000);
}

TEST_CASE("plain packets: TCP and UDP over both IP versions are, with and without padding") {
  const Octets segment = tcp({.src_port = 7}, text("x"));
  const Octets datagram = udp({.src_port = 7, .dst_port = 9}, text("x"));
  for (const Octets& frame : {padded(ethernet(0x0800, ipv4({.protocol = 6}, segment))),
                              padded(ethernet(0x0800, ipv4({.protocol = 17}, datagram))),
                              ethernet(0x86DD, ipv6({.next_header = 6}, segment)),
                              ethernet(0x86DD, ipv6({.next_header = 17}, datagram))})
    CHECK(outcome_of(frame_of(frame, frame.size(), parse::LinkType::Ethernet), {}) ==
          Outcome::Same);
}

TEST_CASE("plain packets: a length that is said to be less than what was captured counts as that") {
  const Octets bytes = ethernet(0x0800, ipv4({.protocol = 6}, tcp({}, text("abc"))));
  parse::Frame frame = frame_of(bytes, bytes.size(), parse::LinkType::Ethernet);
  frame.wire_len = 3;
  CHECK(outcome_of(frame, {}) == Outcome::Same);
  frame.stripped = {.tpid = 0x8100, .tci = 5};
  CHECK(outcome_of(frame, {}) == Outcome::NotPlain);
}
